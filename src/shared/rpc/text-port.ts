import { type Refusal, decodeFrame, encodeFrame } from './codec.ts';
import type { Frame } from './frame.ts';
import type { CloseReason, Port, Unsubscribe } from './port.ts';

/** The little that a transport has to offer: it sends texts and ends. */
export interface TextChannel {
  send(text: string): void;
  close(reason: CloseReason): void;
}

/** What a transport tells the port that stands on it. */
export interface TextReceiver {
  received(text: unknown): void;
  ended(reason: CloseReason): void;
}

/** Builds the port of a transport: frames to text and back, listeners, one end. */
export function createTextPort(channel: TextChannel): {
  readonly port: Port;
  readonly receiver: TextReceiver;
} {
  const frames = new Set<(frame: Frame) => void>();
  const refusals = new Set<(refusal: Refusal) => void>();
  let waiting: Frame[] = [];
  let open = true;
  const { promise: closed, resolve } = Promise.withResolvers<CloseReason>();

  function ended(reason: CloseReason): void {
    if (!open) return;
    open = false;
    resolve(reason);
  }

  function received(text: unknown): void {
    if (!open) return;
    const result = decodeFrame(text);
    if ('refusal' in result) for (const listener of refusals) listener(result.refusal);
    else if (frames.size === 0) waiting.push(result.frame);
    else for (const listener of frames) listener(result.frame);
  }

  function onFrame(listener: (frame: Frame) => void): Unsubscribe {
    frames.add(listener);
    const kept = waiting;
    waiting = [];
    for (const frame of kept) listener(frame);
    return () => frames.delete(listener);
  }

  const port: Port = {
    post(frame) {
      const text = encodeFrame(frame);
      if (open) channel.send(text);
    },
    onFrame,
    onRefusal(listener) {
      refusals.add(listener);
      return () => refusals.delete(listener);
    },
    closed,
    close(reason = { code: 'closed', message: 'Closed by this end.' }) {
      if (!open) return;
      channel.close(reason);
      ended(reason);
    },
  };
  return { port, receiver: { received, ended } };
}
