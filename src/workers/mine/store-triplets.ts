import type { ContentStore } from '#catalog/content-store.ts';
import { writeSafetensorsFile } from '#formats/safetensors.ts';
import type { MinedTriplets } from '#learn/miners/smart.ts';

/**
 * Keeps mined triplets as a file of the library, in the layout of `MineResult`.
 *
 * @param order which rows, in which order
 * @param ids   [samples], image ids
 * @returns the content hash
 */
export async function storeTriplets(
  files: ContentStore,
  mined: MinedTriplets,
  order: Int32Array,
  ids: Int32Array,
): Promise<string> {
  const idsOf = (rows: Int32Array): Int32Array => order.map((row) => ids[rows[row]!]!);
  const wholes = (values: Int32Array): Int32Array => order.map((row) => values[row]!);
  const reals = (values: Float64Array): Float32Array => Float32Array.from(order, (row) => values[row]!);
  const shape = [order.length];
  const temporary = await files.temporaryPath();
  await writeSafetensorsFile(temporary, [
    { name: 'anchor', dtype: 'I32', shape, data: idsOf(mined.anchors) },
    { name: 'positive', dtype: 'I32', shape, data: idsOf(mined.positives) },
    { name: 'negative', dtype: 'I32', shape, data: idsOf(mined.negatives) },
    { name: 'anchorPositive', dtype: 'F32', shape, data: reals(mined.anchorPositive) },
    { name: 'anchorNegative', dtype: 'F32', shape, data: reals(mined.anchorNegative) },
    { name: 'positiveRank', dtype: 'I32', shape, data: wholes(mined.positiveRank) },
    { name: 'negativeRank', dtype: 'I32', shape, data: wholes(mined.negativeRank) },
  ]);
  return files.putFile(temporary);
}
