import { openCatalog } from '#catalog/open.ts';
import { readPart } from '#catalog/part-reader.ts';
import type { CacheItem } from '#images/pixel-cache/build-cache.ts';

/** One part of a split as training sees it. */
export interface TrainingPart {
  readonly items: readonly CacheItem[];
  /** Class numbers from 0, in the order of the class ids. */
  readonly labels: Int32Array;
  readonly classes: number;
}

/** Reads the training and the validation part; the validation part is empty where the split has none. */
export function readTrainingParts(
  libraryPath: string,
  splitId: string,
): Record<'train' | 'validation', TrainingPart> {
  const catalog = openCatalog(libraryPath, { readonly: true });
  try {
    const read = (part: string): TrainingPart => {
      const rows = readPart(catalog, splitId, part);
      const items = rows.paths.map((path, i) => ({
        imageId: rows.imageIds[i] as number,
        path,
        contentHash: rows.contentHashes[i] as string,
      }));
      return { items, ...numberedLabels(rows.labels) };
    };
    return { train: read('train'), validation: read('validation') };
  } finally {
    catalog.close();
  }
}

function numberedLabels(classIds: Int32Array): { labels: Int32Array; classes: number } {
  const distinct = [...new Set(classIds)].sort((a, b) => a - b);
  const numbers = new Map(distinct.map((id, number) => [id, number]));
  return { labels: classIds.map((id) => numbers.get(id) as number), classes: distinct.length };
}
