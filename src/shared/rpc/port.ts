import type { Frame } from './frame.ts';

export type CloseReason = { readonly code: 'closed' | 'lost' | 'refused'; readonly message: string };

export type Unsubscribe = () => void;

/** Moves frames between two processes, in order. Knows nothing about methods, errors or retries. */
export interface Port {
  post(frame: Frame): void;
  onFrame(listener: (frame: Frame) => void): Unsubscribe;
  readonly closed: Promise<CloseReason>;
  close(reason?: CloseReason): void;
}
