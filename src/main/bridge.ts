import { MessageChannelMain, type MessagePortMain, type WebContents } from 'electron';
import type { ShellEvent } from '#shared/domain/shell.ts';
import { MAX_FRAME_BYTES } from '#shared/rpc/frame.ts';
import { type EngineConnection, openControlSocket } from '../engine/process/connect.ts';
import { serveBlobs } from './blob-server.ts';

/** One window's connection to the engine: texts go through unread, in both directions. */
export interface Bridge {
  close(): void;
}

/** Gives a window fresh ports to the engine: one for frames, one for blobs. */
export function bridgeWindow(contents: WebContents, connection: EngineConnection): Bridge {
  const control = new MessageChannelMain();
  const blobs = new MessageChannelMain();
  const stopControl = bridgeControl(control.port1, connection.socketPath);
  serveBlobs(blobs.port1, connection.socketPath);
  const event: ShellEvent = { plumage: 'ports' };
  contents.postMessage('plumage:event', event, [control.port2, blobs.port2]);
  return {
    close() {
      stopControl();
      control.port1.close();
      blobs.port1.close();
    },
  };
}

function bridgeControl(port: MessagePortMain, socketPath: string): () => void {
  const socket = openControlSocket(socketPath);
  let early: string[] | null = [];
  port.on('message', ({ data }: { data: unknown }) => {
    // Anything but a text of sane size is the goodbye of the other end, or no client of ours.
    if (typeof data !== 'string' || data.length > 4 * MAX_FRAME_BYTES) socket.close();
    else if (early !== null) early.push(data);
    else socket.send(data);
  });
  port.on('close', () => socket.close());
  socket.on('open', () => {
    for (const text of early ?? []) socket.send(text);
    early = null;
  });
  socket.on('message', (data: Buffer) => port.postMessage(data.toString('utf8')));
  socket.on('close', () => port.close());
  // A close follows.
  socket.on('error', () => undefined);
  port.start();
  return () => socket.close();
}
