import { setImmediate } from 'node:timers/promises';

/** Lets messages in (a stop, above all) between two pieces of work that block. @throws the reason of an abort */
export async function nextTurn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
