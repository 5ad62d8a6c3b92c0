import { tinyPicturesMatch } from '../hash/tiny-picture.ts';
import { readTinyPicture } from './thumbnail-file.ts';

/**
 * The `confirm` of `findDuplicates` for images of a library: compares the tiny pictures in their thumbnails. Images whose
 * thumbnail is missing are not confirmed.
 */
export function confirmByThumbnail(
  libraryPath: string,
  images: readonly { readonly contentHash: string }[],
): (a: number, b: number) => boolean {
  const tiny = new Map<number, Uint8Array | null>();
  const read = (index: number): Uint8Array | null => {
    let picture = tiny.get(index);
    if (picture === undefined) {
      picture = readTinyPicture(libraryPath, (images[index] as { contentHash: string }).contentHash);
      tiny.set(index, picture);
    }
    return picture;
  };
  return (a, b) => {
    const one = read(a);
    const other = read(b);
    return one !== null && other !== null && tinyPicturesMatch(one, other);
  };
}
