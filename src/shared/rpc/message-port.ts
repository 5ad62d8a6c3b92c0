import type { Port } from './port.ts';
import { createTextPort } from './text-port.ts';

/** What the DOM's MessagePort and that of Node's worker_threads have in common. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: unknown) => void): void;
  start(): void;
  close(): void;
}

/** Tells the other end that this one closes on purpose: without it a closed port looks like a lost one. */
const GOODBYE = { plumage: 'goodbye' } as const;

/** A port over one end of a MessageChannel. */
export function portOfMessagePort(messagePort: MessagePortLike): Port {
  const { port, receiver } = createTextPort({
    send: (text) => messagePort.postMessage(text),
    close: () => {
      messagePort.postMessage(GOODBYE);
      messagePort.close();
    },
  });
  messagePort.addEventListener('message', ({ data }) => {
    if (typeof data === 'object' && data !== null && 'plumage' in data && data.plumage === GOODBYE.plumage) {
      receiver.ended({ code: 'closed', message: 'Closed by the other end.' });
      messagePort.close();
    } else {
      receiver.received(data);
    }
  });
  messagePort.addEventListener('close', () =>
    receiver.ended({ code: 'lost', message: 'The connection was lost.' }),
  );
  messagePort.start();
  return port;
}
