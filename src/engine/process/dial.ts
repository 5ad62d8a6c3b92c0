import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { UserError } from '#shared/rpc/errors.ts';
import { MAX_FRAME_BYTES } from '#shared/rpc/frame.ts';

/** Opens the engine's control socket. The caller hears of failure by the socket's `error` and `close`. */
export function openControlSocket(socketPath: string): WebSocket {
  return new WebSocket('ws://plumage/rpc', {
    createConnection: () => connect(socketPath),
    perMessageDeflate: false,
    maxPayload: 4 * MAX_FRAME_BYTES,
    handshakeTimeout: 10_000,
  });
}

/** Resolves with an open control socket, or null when nobody listens. */
export async function dial(socketPath: string): Promise<WebSocket | null> {
  const socket = openControlSocket(socketPath);
  return await new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

/** A GET request to the engine: `/blob/<hash>`, `/media/<imageId>?w=256`. Resolves with the response, whatever its status. */
export async function requestEngine(
  socketPath: string,
  path: string,
  options: { readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath,
      path,
      method: 'GET',
      headers: { host: 'plumage', ...options.headers },
      ...signalOf(options.signal),
    });
    outgoing.once('response', resolve);
    outgoing.once('error', (cause) =>
      reject(new UserError('disconnected', 'The engine does not answer. Start Plumage again.', { cause })),
    );
    outgoing.end();
  });
}

function signalOf(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

/**
 * A stored file by its hash, whole.
 * @throws UserError `not-found`, `disconnected`
 */
export async function fetchBlob(socketPath: string, hash: string, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await requestEngine(socketPath, `/blob/${encodeURIComponent(hash)}`, signalOf(signal));
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  if (response.statusCode === 200) return bytes;
  throw new UserError(
    response.statusCode === 404 ? 'not-found' : 'bad-input',
    bytes.toString('utf8').trim().slice(0, 500),
  );
}
