import type { Catalog } from '#catalog/catalog.ts';
import { bytesToHex } from '#catalog/packed.ts';
import { type HashedImage, findDuplicates } from '#datasets/duplicates/find-duplicates.ts';
import { confirmByThumbnail } from '#images/thumbnails/confirm-near.ts';
import type { FoundCopies } from '#shared/worker/reader.ts';

/** All copies among the images of a dataset that are still there, excluded ones too. */
export function searchDuplicates(catalog: Catalog, dataset: number): FoundCopies[] {
  const images: HashedImage[] = [];
  const rows = catalog
    .sql<[number, number, Uint8Array, Uint8Array, Uint8Array]>(
      `SELECT id, class_id, content_hash, pixel_hash, perceptual_hash FROM images WHERE dataset = ? AND gone = 0`,
    )
    .raw()
    .iterate(dataset);
  for (const [imageId, classId, content, pixels, perceptual] of rows)
    images.push({
      imageId,
      classId,
      contentHash: bytesToHex(content),
      pixelHash: bytesToHex(pixels),
      perceptualHash: bytesToHex(perceptual),
    });
  const confirm = confirmByThumbnail(catalog.libraryPath, images);
  return findDuplicates(images, { confirm }).map(({ kind, distance, imageIds }) => ({
    kind,
    distance,
    imageIds,
  }));
}
