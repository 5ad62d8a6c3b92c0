/** Formats that are told apart by their first bytes. Those in `READABLE_FORMATS` can be decoded. */
export type ImageFormat =
  | 'jpeg'
  | 'png'
  | 'webp'
  | 'gif'
  | 'tiff'
  | 'avif'
  | 'heic'
  | 'bmp'
  | 'jxl'
  | 'jp2'
  | 'psd'
  | 'ico'
  | 'svg'
  | 'pdf';

export const READABLE_FORMATS: ReadonlySet<ImageFormat> = new Set([
  'jpeg',
  'png',
  'webp',
  'gif',
  'tiff',
  'avif',
]);

/** Bytes of a file's beginning that `sniffFormat` wants to see. */
export const SNIFF_BYTES = 64;

const SIGNATURES: readonly (readonly [ImageFormat, number, string])[] = [
  ['jpeg', 0, '\xff\xd8\xff'],
  ['png', 0, '\x89PNG\r\n\x1a\n'],
  ['webp', 8, 'WEBP'],
  ['gif', 0, 'GIF8'],
  ['tiff', 0, 'II*\0'],
  ['tiff', 0, 'MM\0*'],
  ['tiff', 0, 'II+\0'],
  ['tiff', 0, 'MM\0+'],
  ['bmp', 0, 'BM'],
  ['jxl', 0, '\xff\x0a'],
  ['jxl', 4, 'JXL '],
  ['jp2', 4, 'jP  '],
  ['jp2', 0, '\xff\x4f\xff\x51'],
  ['psd', 0, '8BPS'],
  ['ico', 0, '\0\0\x01\0'],
  ['pdf', 0, '%PDF'],
];

/** What a file is by its first bytes, whatever it is called; null for what is no image at all. */
export function sniffFormat(head: Uint8Array): ImageFormat | null {
  const text = String.fromCharCode(...head.subarray(0, SNIFF_BYTES));
  for (const [format, offset, signature] of SIGNATURES) {
    if (text.startsWith(signature, offset)) return format;
  }
  if (text.startsWith('ftyp', 4)) {
    const brands = text.slice(8);
    if (/avif|avis/.test(brands)) return 'avif';
    if (/hei[cxms]|hev[cx]|mif1/.test(brands)) return 'heic';
  }
  return /^\s*(<\?xml[^>]*>\s*)?<svg/i.test(text.replace(/^\xef\xbb\xbf/, '')) ? 'svg' : null;
}
