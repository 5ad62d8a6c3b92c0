import { z } from 'zod';

/**
 * What the desktop window may ask of its shell (Electron's main process) beyond the engine's contract, and what the shell
 * tells the window. In a browser none of this exists: `window.plumage` is undefined there, and the client dials the
 * WebSocket `/rpc` and fetches `/blob/<hash>` instead.
 *
 * How a window connects:
 * 1. It listens for `message` events on `window` whose `source` is `window` and whose `data` is a `ShellEvent`.
 * 2. It calls `window.plumage.request({ kind: 'connect' })`.
 * 3. An event `{ plumage: 'ports' }` follows with two transferred ports: `event.ports[0]` carries the engine's frames
 *    (`portOfMessagePort`, then `createClient`), `event.ports[1]` carries blobs (`createBlobReader`).
 * 4. When the engine dies, `{ plumage: 'engine', state: 'lost' }` comes, calls in flight are rejected with
 *    `disconnected`, and fresh ports follow by themselves as soon as a new engine answers. `state: 'failed'` is final
 *    until the window sends `connect` again.
 */
const Title = z.string().min(1).max(200);

export const ShellRequest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('connect') }),
  z.strictObject({ kind: z.literal('pick-folder'), title: Title }),
  z.strictObject({
    kind: z.literal('pick-save-file'),
    title: Title,
    suggestedName: z.string().min(1).max(200),
    /** Without the dot: `['csv']`. */
    extensions: z.array(z.string().regex(/^[a-z0-9]{1,12}$/)).max(8),
  }),
  z.strictObject({ kind: z.literal('copy-text'), text: z.string().max(1_000_000) }),
  z.strictObject({ kind: z.literal('about') }),
]);
export type ShellRequest = z.infer<typeof ShellRequest>;

/** Answered inside the preload: the absolute paths of files and folders that were dropped on the window. */
export interface DroppedPathsRequest {
  readonly kind: 'dropped-paths';
  /** DOM `File` objects out of `DataTransfer.files`. */
  readonly files: readonly unknown[];
}

export interface ShellAnswers {
  connect: undefined;
  /** null when the person cancelled. */
  'pick-folder': string | null;
  'pick-save-file': string | null;
  'copy-text': undefined;
  about: {
    readonly version: string;
    readonly electron: string;
    readonly chrome: string;
    readonly platform: string;
  };
  'dropped-paths': string[];
}

/** `window.plumage` in the desktop window. One function, nothing else. Rejects with an `Error` that has a sentence. */
export interface PlumageShell {
  request<R extends ShellRequest | DroppedPathsRequest>(message: R): Promise<ShellAnswers[R['kind']]>;
}

/** `data` of the `message` events that the shell posts to the window. */
export type ShellEvent =
  | { readonly plumage: 'ports' }
  | {
      readonly plumage: 'engine';
      readonly state: 'starting' | 'ready' | 'lost' | 'failed';
      /** Set with `failed`: what to tell the person. */
      readonly failure?: {
        readonly code: string;
        readonly message: string;
        /** What belongs in a report, beyond the sentence. */
        readonly details?: string;
      };
    }
  /** A menu entry was chosen. */
  | { readonly plumage: 'command'; readonly command: 'import-folder' | 'command-palette' };
