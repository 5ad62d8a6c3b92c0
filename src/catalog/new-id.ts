import { randomBytes } from 'node:crypto';

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new id such as `run_4k2m9c0x7d1p`: 12 letters of 36, so two are never equal in practice. */
export function newId<P extends string>(prefix: P): `${P}_${string}` {
  let text = '';
  while (text.length < 12) {
    for (const byte of randomBytes(16)) {
      // 252 = 7 * 36: bytes above would favour the first letters.
      if (byte < 252 && text.length < 12) text += LETTERS[byte % 36]!;
    }
  }
  return `${prefix}_${text}`;
}
