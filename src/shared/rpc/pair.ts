import type { Port } from './port.ts';
import { type TextReceiver, createTextPort } from './text-port.ts';

/** Two connected ports inside one process: frames go through the same codec and arrive in a later microtask. */
export function createPortPair(): [Port, Port] {
  const receivers: TextReceiver[] = [];
  function end(other: number) {
    return createTextPort({
      send: (text) => queueMicrotask(() => receivers[other]?.received(text)),
      close: () =>
        queueMicrotask(() =>
          receivers[other]?.ended({ code: 'closed', message: 'Closed by the other end.' }),
        ),
    });
  }
  const left = end(1);
  const right = end(0);
  receivers.push(left.receiver, right.receiver);
  return [left.port, right.port];
}
