import { crc32 } from 'node:zlib';
import { TINY_BYTES } from '../hash/tiny-picture.ts';
import { isPng } from './picture-kind.ts';

/*
 * The tiny picture that confirms near duplicates travels inside the thumbnail, near its beginning: as an application
 * segment right after a JPEG's first marker, or as a private chunk right after a PNG's header. Whoever compares pictures
 * reads 900 bytes and decodes nothing.
 */
const SIGNATURE = Buffer.from('PLUMAGE\0', 'latin1');
const PAYLOAD_BYTES = SIGNATURE.length + TINY_BYTES;
const SOI_BYTES = 2;
const JPEG_SEGMENT_BYTES = 4 + PAYLOAD_BYTES;
const IHDR_END = 33;
const PNG_CHUNK_BYTES = 12 + PAYLOAD_BYTES;
/** Ancillary, private, safe to copy, as the case of its letters says. */
const PNG_CHUNK_TYPE = 'plMg';

/** Bytes that `findTinyPicture` wants to see. */
export const TINY_HEAD_BYTES = IHDR_END + PNG_CHUNK_BYTES;
/** A thumbnail with a tiny picture is longer than this. */
export const TINY_SEGMENT_BYTES = JPEG_SEGMENT_BYTES;

/** A PNG or JPEG with `tiny` inside. */
export function withTinyPicture(picture: Uint8Array, tiny: Uint8Array): Buffer {
  const png = isPng(picture);
  const start = png ? IHDR_END : SOI_BYTES;
  const length = png ? PNG_CHUNK_BYTES : JPEG_SEGMENT_BYTES;
  const out = Buffer.allocUnsafe(picture.length + length);
  out.set(picture.subarray(0, start));
  out.set(picture.subarray(start), start + length);
  let at = start;
  if (png) {
    at = out.writeUInt32BE(PAYLOAD_BYTES, at);
    at += out.write(PNG_CHUNK_TYPE, at, 'latin1');
  } else {
    at = out.writeUInt16BE(0xffe4, at);
    at = out.writeUInt16BE(JPEG_SEGMENT_BYTES - 2, at);
  }
  out.set(SIGNATURE, at);
  out.set(tiny, at + SIGNATURE.length);
  if (png) out.writeUInt32BE(crc32(out.subarray(at - 4, at + PAYLOAD_BYTES)), at + PAYLOAD_BYTES);
  return out;
}

/** The tiny picture in a thumbnail's first bytes; null where there is none. */
export function findTinyPicture(head: Buffer): Buffer | null {
  const at = isPng(head) ? IHDR_END + 8 : SOI_BYTES + 4;
  const payload = head.subarray(at, at + PAYLOAD_BYTES);
  if (payload.length < PAYLOAD_BYTES || !payload.subarray(0, SIGNATURE.length).equals(SIGNATURE)) return null;
  return payload.subarray(SIGNATURE.length);
}
