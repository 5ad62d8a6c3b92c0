import { UserError } from './errors.ts';
import { type Frame, MAX_FRAME_BYTES } from './frame.ts';

/** A message that is no frame: too large, not JSON, or not of a known shape. `id` is 0 where it could not be read. */
export interface Refusal {
  readonly id: number;
  readonly code: 'bad-frame' | 'too-large';
  readonly message: string;
}

const FRAME_TYPES = new Set(['hello', 'call', 'cancel', 'ok', 'fail', 'open', 'next', 'end']);
const LEADING_ID = /^\{"type":"(?:call|open)","id":(\d{1,15})[,}]/;

/** Bytes of a text in UTF-8, counted only where the answer could be in doubt. */
function exceeds(text: string, limit: number): boolean {
  if (text.length > limit) return true;
  return text.length * 3 > limit && new TextEncoder().encode(text).byteLength > limit;
}

/**
 * The frame as the JSON text that every transport carries, so that all of them treat `undefined`, dates and numbers alike.
 * @throws UserError `too-large` above `MAX_FRAME_BYTES`
 */
export function encodeFrame(frame: Frame): string {
  const text = JSON.stringify(frame);
  if (exceeds(text, MAX_FRAME_BYTES)) {
    throw new UserError(
      'too-large',
      `A message of ${(text.length / 1024 / 1024).toFixed(0)} MB is too large for the control channel; ask for fewer rows.`,
    );
  }
  return text;
}

/** Reads one message; what is no frame comes back as the reason, so that the reader can answer it. */
export function decodeFrame(text: unknown): { readonly frame: Frame } | { readonly refusal: Refusal } {
  if (typeof text !== 'string') return refuse(0, 'bad-frame', 'A frame has to be JSON text.');
  if (exceeds(text, MAX_FRAME_BYTES)) {
    const id = Number(LEADING_ID.exec(text.slice(0, 64))?.[1] ?? 0);
    return refuse(id, 'too-large', `A frame is larger than ${MAX_FRAME_BYTES / 1024 / 1024} MB.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(0, 'bad-frame', 'A frame is not JSON.');
  }
  if (typeof value !== 'object' || value === null)
    return refuse(0, 'bad-frame', 'A frame has to be an object.');
  const { type, id, method } = value as Record<string, unknown>;
  const known = Number.isSafeInteger(id) ? (id as number) : 0;
  if (typeof type !== 'string' || !FRAME_TYPES.has(type))
    return refuse(known, 'bad-frame', 'A frame of unknown type.');
  if (type !== 'hello' && !Number.isSafeInteger(id))
    return refuse(0, 'bad-frame', 'A frame without a number.');
  if ((type === 'call' || type === 'open') && typeof method !== 'string') {
    return refuse(known, 'bad-frame', 'A call without a method.');
  }
  return { frame: value as Frame };
}

function refuse(id: number, code: Refusal['code'], message: string): { readonly refusal: Refusal } {
  return { refusal: { id, code, message } };
}
