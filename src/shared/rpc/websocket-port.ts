import type { CloseReason, Port } from './port.ts';
import { createTextPort } from './text-port.ts';

/** What the browser's WebSocket and the one of the `ws` package have in common. */
export interface WebSocketLike {
  readonly readyState: number;
  binaryType: string;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  addEventListener(type: 'error' | 'open', listener: (event: unknown) => void): void;
}

const CONNECTING = 0;
const TOO_LARGE = 1009;
const REFUSED = 1008;

/** A port over a WebSocket, open or still connecting: frames posted before it opens are sent then. */
export function portOfWebSocket(socket: WebSocketLike): Port {
  let early: string[] | null = socket.readyState === CONNECTING ? [] : null;
  const { port, receiver } = createTextPort({
    send: (text) => (early === null ? socket.send(text) : void early.push(text)),
    close: (reason) => {
      // A close frame holds at most 123 bytes of reason.
      socket.close(
        reason.code === 'refused' ? REFUSED : 1000,
        reason.code === 'refused' ? reason.message.slice(0, 40) : '',
      );
    },
  });
  socket.addEventListener('open', () => {
    for (const text of early ?? []) socket.send(text);
    early = null;
  });
  socket.addEventListener('message', (event) => receiver.received(event.data));
  // The close event that follows says all there is to say.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', (event) => receiver.ended(reasonOf(event.code, event.reason)));
  return port;
}

function reasonOf(code: number, text: string): CloseReason {
  if (code === 1000 || code === 1001) return { code: 'closed', message: 'Closed by the other end.' };
  if (code === TOO_LARGE)
    return { code: 'refused', message: 'The other end refused a message that was too large.' };
  if (code === REFUSED) return { code: 'refused', message: text || 'The other end refused the connection.' };
  return { code: 'lost', message: 'The connection was lost.' };
}
