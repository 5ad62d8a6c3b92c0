/** Everything that crosses between two processes. Plain data: it survives JSON and structured clone alike. */
export type Frame =
  | { readonly type: 'hello'; readonly version: number; readonly name: string }
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'ok'; readonly id: number; readonly output: unknown }
  | {
      readonly type: 'fail';
      readonly id: number;
      readonly code: string;
      readonly message: string;
      readonly details?: unknown;
    }
  | { readonly type: 'open'; readonly id: number; readonly method: string; readonly input: unknown }
  /** From the server an item; from the client, without an item, the permission to send the next one. */
  | { readonly type: 'next'; readonly id: number; readonly item?: unknown; readonly missed?: number }
  | { readonly type: 'end'; readonly id: number };

/** A control frame larger than this is refused: bulk travels as a blob. */
export const MAX_FRAME_BYTES = 8 * 1024 * 1024;
