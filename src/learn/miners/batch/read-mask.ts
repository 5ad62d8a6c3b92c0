import type * as tf from '@tensorflow/tfjs-core';

/**
 * The places of a mask's ones, in ascending order: pairs of a [batch, batch] mask, triplets of a [batch, batch, batch]
 * one. For tests and tools: it waits for the values, so it has no place in a step.
 *
 * @returns [ones, rank]
 */
export async function readMask(mask: tf.Tensor): Promise<Int32Array> {
  const values = await mask.data<'float32'>();
  const places: number[] = [];
  for (const [at, value] of values.entries()) {
    if (value === 0) continue;
    let rest = at;
    const place = mask.shape.map((_, axis) => {
      const inner = mask.shape.slice(axis + 1).reduce((product, length) => product * length, 1);
      const index = Math.floor(rest / inner);
      rest -= index * inner;
      return index;
    });
    places.push(...place);
  }
  return Int32Array.from(places);
}
