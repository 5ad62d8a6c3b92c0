import { chmodSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { Connections } from '../rpc/connections.ts';
import { prepareSocketFolder } from '../process/places.ts';
import { answerText } from './answer.ts';
import { type RequestHandler, parseUrl } from './handler.ts';

/**
 * Listens on the library's own socket, in a folder that only this user can enter: whoever can open it is this user.
 * The caller holds the library's lock, so a socket that is already there belongs to an engine that died.
 * @throws UserError `no-permission`
 */
export async function listenLocally(
  socketPath: string,
  handler: RequestHandler,
  connections: Connections,
): Promise<Server> {
  prepareSocketFolder(socketPath);
  if (process.platform !== 'win32') rmSync(socketPath, { force: true });
  const server = createServer((request, response) => {
    // A web page cannot reach a local socket; a request that carries an origin is not from a client of ours.
    if (request.headers.origin !== undefined) answerText(response, 403, 'Not from a page.');
    else void handler(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    const isOurs = request.headers.origin === undefined && parseUrl(request.url)?.pathname === '/rpc';
    if (isOurs) connections.accept(request, socket, head, 'local');
    else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  if (process.platform !== 'win32') chmodSync(socketPath, 0o600);
  return server;
}
