import type { Catalog } from '#catalog/catalog.ts';
import { createSplit } from '#datasets/splits/create-split.ts';
import type { CopyGroup, SplitImage } from '#datasets/splits/split-input.ts';
import type { SplitAnswer, SplitQuestion } from '#shared/worker/reader.ts';

/** Divides what is neither gone nor excluded. @throws UserError bad-input */
export function divideDataset(catalog: Catalog, question: SplitQuestion): SplitAnswer {
  const { images, copies } = catalog.read(() => ({
    images: readImages(catalog, question.dataset),
    copies: readCopies(catalog, question.dataset),
  }));
  const { parts, hash, leaks, leakCounts } = createSplit({ ...question, images, copies });
  return { parts, hash, leaks, leakCounts };
}

function readImages(catalog: Catalog, dataset: number): SplitImage[] {
  return catalog
    .sql<SplitImage>(
      `SELECT i.id AS imageId, i.class_id AS classId, c.name AS className, i.path,
              lower(hex(i.content_hash)) AS contentHash
       FROM images i JOIN classes c ON c.id = i.class_id
       WHERE i.dataset = ? AND i.gone = 0 AND i.excluded = 0 ORDER BY i.class_id, i.id`,
    )
    .all(dataset);
}

function readCopies(catalog: Catalog, dataset: number): CopyGroup[] {
  const rows = catalog
    .sql<{ group_id: number; kind: 'exact' | 'near'; distance: number; image_id: number }>(
      `SELECT m.group_id, g.kind, g.distance, m.image_id FROM duplicate_groups g
       JOIN duplicate_members m ON m.group_id = g.id WHERE g.dataset = ? ORDER BY g.kind, g.distance, g.id, m.image_id`,
    )
    .all(dataset);
  const groups = new Map<number, CopyGroup & { imageIds: number[] }>();
  for (const { group_id: id, kind, distance, image_id: imageId } of rows) {
    const group = groups.get(id);
    if (group === undefined) groups.set(id, { kind, distance, imageIds: [imageId] });
    else group.imageIds.push(imageId);
  }
  return [...groups.values()];
}
