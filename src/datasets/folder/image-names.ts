/** Endings that promise an image. A file without one is looked into, and left alone when it is something else. */
const IMAGE_ENDING = /\.(jpe?g|jfif|png|webp|gif|tiff?|avif|heic|heif|bmp|jxl|jp2|ppm|pgm|psd|ico|svg)$/i;

export const looksLikeImage = (name: string): boolean => IMAGE_ENDING.test(name);

/** What systems leave behind, besides names that begin with a dot. */
const SYSTEM_NAMES = new Set([
  'thumbs.db',
  'desktop.ini',
  '__macosx',
  '$recycle.bin',
  'system volume information',
]);

export const isHidden = (name: string): boolean =>
  name.startsWith('.') || SYSTEM_NAMES.has(name.toLowerCase());

const collator = new Intl.Collator('en', { numeric: true });

/** `image 9` before `image 10`. */
export const naturally = (a: string, b: string): number =>
  collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
