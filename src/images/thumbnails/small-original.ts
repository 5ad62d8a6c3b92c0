import { isPng } from './picture-kind.ts';

/** Above this a thumbnail made anew is smaller than the original, and grids load hundreds. */
const MAX_BYTES = 2 ** 15;

/**
 * A PNG or JPEG that needs no thumbnail because it is one, as a copy without what only describes it (texts, cameras,
 * places: thumbnails travel in reports); null where browsers could show it otherwise than we decode it (colour
 * profiles, EXIF, rare codings), and for other formats. Takes pictures that decoded without an error, upright, opaque,
 * and of 8 bits, as `readHeader` says them.
 */
export function smallOriginal(bytes: Uint8Array): Uint8Array | null {
  if (bytes.length > MAX_BYTES) return null;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return isPng(file) ? plainPng(file) : plainJpeg(file);
  } catch (error) {
    // The last piece names a greater length than the file has; the decoder did not mind.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const PNG_SIGNATURE_BYTES = 8;
const PNG_COLOUR = new Set(['iCCP', 'cICP', 'tRNS', 'eXIf']);
const PNG_KEPT = new Set(['IHDR', 'IDAT', 'IEND', 'sRGB']);

/** Without gAMA too: libvips does not look at it. Chunks of the PNG specification, section 5. */
function plainPng(file: Buffer): Uint8Array | null {
  const pieces = [file.subarray(0, PNG_SIGNATURE_BYTES)];
  for (let at = PNG_SIGNATURE_BYTES; ;) {
    const end = at + 12 + file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    if (end > file.length || PNG_COLOUR.has(type)) return null;
    if (PNG_KEPT.has(type)) pieces.push(file.subarray(at, end));
    // An unknown chunk that one must understand (capital letter). A palette is only a suggestion here.
    else if (type < 'a' && type !== 'PLTE') return null;
    if (type === 'IEND') return Buffer.concat(pieces);
    at = end;
  }
}

const [SOF0, SOF1, SOF2, DHT, EOI, SOS, DQT, DRI] = [0xc0, 0xc1, 0xc2, 0xc4, 0xd9, 0xda, 0xdb, 0xdd];
const [JFIF, ADOBE, COMMENT] = [0xe0, 0xee, 0xfe];
const JPEG_KEPT = new Set([SOF0, SOF1, SOF2, DHT, DQT, DRI, JFIF, ADOBE]);

/** Segments of ITU T.81, section B.1. */
function plainJpeg(file: Buffer): Uint8Array | null {
  const pieces = [file.subarray(0, 2)];
  for (let at = 2; file.readUInt8(at) === 0xff;) {
    const marker = file.readUInt8(at + 1);
    if (marker === SOS) {
      pieces.push(file.subarray(at));
      return endsInScans(file, at) ? Buffer.concat(pieces) : null;
    }
    const end = at + 2 + file.readUInt16BE(at + 2);
    if (JPEG_KEPT.has(marker)) pieces.push(file.subarray(at, end));
    else if (marker !== COMMENT) return null;
    at = end;
  }
  return null;
}

/** Whether scans and their tables follow up to the last two bytes, and nothing else. */
function endsInScans(file: Buffer, start: number): boolean {
  for (let at = file.indexOf(0xff, start); at !== -1; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1] as number;
    if (next === EOI) return at === file.length - 2;
    const restart = next >= 0xd0 && next <= 0xd7;
    if (!restart && next !== 0 && next !== SOS && next !== DHT) return false;
  }
  return false;
}
