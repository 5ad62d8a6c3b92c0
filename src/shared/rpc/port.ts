import type { Refusal } from './codec.ts';
import type { Frame } from './frame.ts';

export type CloseReason = { readonly code: 'closed' | 'lost' | 'refused'; readonly message: string };

export type Unsubscribe = () => void;

/** Moves frames between two processes, in order. Knows nothing about methods, errors or retries. */
export interface Port {
  /** @throws UserError `too-large`; a frame posted after the end is dropped */
  post(frame: Frame): void;
  /** Frames that came before the first listener are kept for it. */
  onFrame(listener: (frame: Frame) => void): Unsubscribe;
  /** Messages that are no frames. A server answers them; nobody else needs to listen. */
  onRefusal(listener: (refusal: Refusal) => void): Unsubscribe;
  readonly closed: Promise<CloseReason>;
  close(reason?: CloseReason): void;
}
