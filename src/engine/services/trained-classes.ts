import type { Catalog } from '#catalog/catalog.ts';
import { readMembers } from '#catalog/part-reader.ts';

/** Whether some class of the part, or every one, is also a class of the training part. */
export function wasTrainedOn(
  catalog: Catalog,
  splitId: string,
  part: string,
  which: 'some' | 'every',
): boolean {
  if (part === 'train') return true;
  const trained = new Set(readMembers(catalog, splitId, 'train').labels);
  return readMembers(catalog, splitId, part).labels[which]((label) => trained.has(label));
}
