import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { type AddressInfo, connect as dial } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { WebSocket, WebSocketServer } from 'ws';
import { portOfMessagePort } from '#shared/rpc/message-port.ts';
import { createPortPair } from '#shared/rpc/pair.ts';
import { portOfWebSocket } from '#shared/rpc/websocket-port.ts';
import { type Link, describeTransport } from './conformance.ts';

describeTransport('a pair in one process', () => {
  const [client, server] = createPortPair();
  return Promise.resolve({
    client,
    server,
    cut: () => server.close(),
    dispose: () => Promise.resolve(client.close()),
  });
});

describeTransport('a MessageChannel', () => {
  const { port1, port2 } = new MessageChannel();
  return Promise.resolve({
    client: portOfMessagePort(port1),
    server: portOfMessagePort(port2),
    cut: () => port2.close(),
    dispose: () => Promise.resolve(port1.close()),
  });
});

describeTransport('a WebSocket over TCP', async () => {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return await linkThrough(http, () => new WebSocket(`ws://127.0.0.1:${port}/rpc`));
});

describeTransport('a WebSocket over a local socket', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'plumage-ws-'));
  const socketPath = path.join(folder, 'engine.sock');
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(socketPath, resolve));
  const link = await linkThrough(
    http,
    () => new WebSocket('ws://plumage/rpc', { createConnection: () => dial(socketPath) }),
  );
  return {
    ...link,
    dispose: async () => {
      await link.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

async function linkThrough(http: Server, open: () => WebSocket): Promise<Link> {
  const sockets = new WebSocketServer({ server: http });
  const accepted = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const near = open();
  const client = portOfWebSocket(near);
  const far = await accepted;
  return {
    client,
    server: portOfWebSocket(far),
    cut: () => far.terminate(),
    dispose: () => {
      near.terminate();
      far.terminate();
      sockets.close();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
}
