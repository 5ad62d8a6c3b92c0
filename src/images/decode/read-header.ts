/** What an import has to know before it decodes. */
export interface ImageHeader {
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/**
 * Size and channels of an ordinary JPEG or PNG, read from its first bytes: opening it in libvips for that costs as much
 * as a tenth of a thumbnail. null for anything unusual (CMYK, palettes, transparency by colour, several EXIF blocks,
 * damage, other formats), which libvips is then asked about.
 */
export function readHeader(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(view);
    if (bytes[0] === 0x89 && bytes[1] === 0x50) return readPng(view);
    return null;
  } catch (error) {
    // The file, or what is at hand of it, ends within its header.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Segments of ITU T.81, section B.1, up to the frame header. */
function readJpeg(view: DataView): ImageHeader | null {
  let orientation: number | undefined;
  for (let at = 2; view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      if (orientation !== undefined) return null;
      orientation = readOrientation(view, at + 10);
      if (orientation === 0) return null;
    }
    if (marker < 0xc0 || marker > 0xcf || [0xc4, 0xc8, 0xcc].includes(marker)) continue;
    const height = view.getUint16(at + 5);
    const width = view.getUint16(at + 7);
    const channels = view.getUint8(at + 9);
    if (view.getUint8(at + 4) !== 8 || height * width === 0 || (channels !== 1 && channels !== 3))
      return null;
    // Orientations 5 to 8 lie on their side.
    return (orientation ?? 1) > 4 ? { width: height, height: width, channels } : { width, height, channels };
  }
  return null;
}

const ORIENTATION = 0x0112;
const SHORT = 3;

/** EXIF's orientation, 1 to 8; 1 where the block has none, 0 where it cannot be trusted. `base` is its TIFF header. */
function readOrientation(view: DataView, base: number): number {
  const order = view.getUint16(base);
  const little = order === 0x4949;
  if (!little && order !== 0x4d4d) return 0;
  const directory = base + view.getUint32(base + 4, little);
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + 12 * i;
    if (view.getUint16(entry, little) !== ORIENTATION) continue;
    const value = view.getUint16(entry + 8, little);
    return view.getUint16(entry + 2, little) === SHORT && value >= 1 && value <= 8 ? value : 0;
  }
  return 1;
}

/** Channels by PNG's colour type, of those that have no second meaning. */
const PNG_CHANNELS = new Map([
  [0, 1],
  [2, 3],
  [4, 2],
  [6, 4],
]);
const [IHDR, IDAT, TRNS, EXIF] = [0x49484452, 0x49444154, 0x74524e53, 0x65584966];

function readPng(view: DataView): ImageHeader | null {
  if (view.getUint32(12) !== IHDR) return null;
  const channels = PNG_CHANNELS.get(view.getUint8(25));
  if (view.getUint8(24) !== 8 || channels === undefined) return null;
  for (let at = 8; ; at += 12 + view.getUint32(at)) {
    const type = view.getUint32(at + 4);
    if (type === TRNS || type === EXIF) return null;
    if (type === IDAT) break;
  }
  return { width: view.getUint32(16), height: view.getUint32(20), channels };
}
