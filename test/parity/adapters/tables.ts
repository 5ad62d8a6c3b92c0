import type { VectorTable } from '#learn/space/vector-space.ts';
import type { FixtureTensor } from '../learn-fixture.ts';

export function tableOf({ data, shape }: FixtureTensor): VectorTable {
  return { data: Float64Array.from(data), rows: shape[0]!, dim: shape[1]! };
}

/** Numbers in [-1, 1) that the files describe by a name instead of listing them (`about.fillRule`). */
export function hashedValues(name: string, count: number): Float64Array {
  let h = 2166136261;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 16777619) >>> 0;
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = (h + Math.imul(i, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
    x = (x ^ (x >>> 16)) >>> 0;
    values[i] = x / 2 ** 31 - 1;
  }
  return values;
}
