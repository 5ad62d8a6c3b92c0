import type { WeightArray } from '../models/weights.ts';
import { toOurLayout } from './layout.ts';
import type { WeightMatch } from './match.ts';

/**
 * The arrays of a network, one at a time in its order, so that a large file is never in memory twice.
 *
 * @param match complete, else arrays are left out
 * @param read  values of an array of the file, row-major
 */
export async function* convertedWeights(
  match: WeightMatch,
  read: (source: string) => Promise<Float32Array<ArrayBuffer>>,
): AsyncGenerator<WeightArray & { readonly name: string }, void> {
  for (const { name, shape, source, layout, minus } of match.matched) {
    const data = toOurLayout(await read(source), layout, shape);
    if (minus !== null) {
      const bias = await read(minus);
      for (let i = 0; i < data.length; i++) data[i] = data[i]! - bias[i]!;
    }
    yield { name, shape, data };
  }
  for (const { name, shape, value } of match.filled)
    yield { name, shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value) };
}
