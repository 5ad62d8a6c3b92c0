import { openCatalog } from '#catalog/open.ts';
import { readPart } from '#catalog/part-reader.ts';
import { ClassRepository } from '#catalog/repositories/classes.ts';
import type { CacheItem } from '#images/pixel-cache/build-cache.ts';
import { numberedClasses } from '../model/class-numbers.ts';

/** One part of a split as training sees it. */
export interface TrainingPart {
  readonly items: readonly CacheItem[];
  /** Class numbers from 0, in the order of the class ids. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** By class number. */
  readonly classNames: readonly string[];
}

/** Reads the training and the validation part; the validation part is empty where the split has none. */
export function readTrainingParts(
  libraryPath: string,
  splitId: string,
): Record<'train' | 'validation', TrainingPart> {
  const catalog = openCatalog(libraryPath, { readonly: true });
  try {
    const names = new ClassRepository(catalog);
    const read = (part: string): TrainingPart => {
      const rows = readPart(catalog, splitId, part);
      const items = rows.paths.map((path, i) => ({
        imageId: rows.imageIds[i] as number,
        path,
        contentHash: rows.contentHashes[i] as string,
      }));
      const { labels, classIds } = numberedLabels(rows.labels);
      const classNames = classIds.map((id) => names.find(id)?.name ?? `class ${String(id)}`);
      return { items, labels, classes: classIds.length, classNames };
    };
    return { train: read('train'), validation: read('validation') };
  } finally {
    catalog.close();
  }
}

function numberedLabels(ids: Int32Array): { labels: Int32Array; classIds: readonly number[] } {
  const classIds = numberedClasses(ids);
  const numbers = new Map(classIds.map((id, number) => [id, number]));
  return { labels: ids.map((id) => numbers.get(id) as number), classIds };
}
