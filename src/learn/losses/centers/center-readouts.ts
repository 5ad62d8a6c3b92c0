import * as tf from '@tensorflow/tfjs-core';
import { unitColumns } from '../centers.ts';

/** Centres as the methods keep them: [dim, classes * perClass], column = class * perClass + k, any length. */
export interface ClassCenters {
  readonly values: Float32Array;
  readonly dim: number;
  readonly perClass: number;
}

/**
 * Which of its class's centres each image is nearest to: the members of every centre.
 *
 * @param embeddings [images, dim]
 * @param labels     [images]
 * @returns [images], 0 <= k < perClass; the smaller k of equals
 */
export function centerMembers(
  embeddings: Float32Array,
  labels: Int32Array,
  { values, dim, perClass }: ClassCenters,
): Int32Array {
  const columns = values.length / dim;
  const unit = tf.tidy(() => unitColumns(tf.tensor2d(values, [dim, columns])).dataSync<'float32'>());
  return labels.map((label, image) => {
    let [best, most] = [0, -Infinity];
    for (let k = 0; k < perClass; k++) {
      let product = 0;
      for (let d = 0; d < dim; d++)
        product +=
          (embeddings[image * dim + d] as number) * (unit[d * columns + label * perClass + k] as number);
      if (product > most) [best, most] = [k, product];
    }
    return best;
  });
}

/** Two classes and the distance of their nearest centres. */
export interface Touching {
  readonly classes: readonly [number, number];
  readonly distance: number;
}

/** More pairs of classes than anyone reads: where all have fallen together, all pairs would fill the memory. */
const MOST_TOUCHING = 100_000;

/** Products of centres that are held at a time. */
const BLOCK = 2 ** 24;

/**
 * Classes that have centres nearer to each other than `nearerThan`, the nearest first: what the method can hardly tell
 * apart. Works through the centres in blocks, never with the matrix of all.
 *
 * @param most where there are more, it is so many of them
 */
export function touchingClasses(
  { values, dim, perClass }: ClassCenters,
  nearerThan = 0.1,
  most = MOST_TOUCHING,
): Touching[] {
  const columns = values.length / dim;
  const least = new Map<string, Touching>();
  const bound = 1 - nearerThan ** 2 / 2; // |u - v|^2 = 2 - 2 u.v
  const unit = tf.tidy(() => unitColumns(tf.tensor2d(values, [dim, columns])));
  const rows = Math.max(1, Math.floor(BLOCK / columns));
  for (let first = 0; first < columns && least.size < most; first += rows) {
    const count = Math.min(rows, columns - first);
    const products = tf.tidy(() =>
      tf.matMul(tf.slice(unit, [0, first], [dim, count]), unit, true).dataSync<'float32'>(),
    );
    for (let i = 0; i < products.length && least.size < most; i++) {
      if ((products[i] as number) <= bound) continue;
      const [a, b] = [first + Math.floor(i / columns), i % columns].map((c) => Math.floor(c / perClass));
      if (a === undefined || b === undefined || a >= b) continue;
      const distance = Math.sqrt(Math.max(0, 2 - 2 * (products[i] as number)));
      const known = least.get(`${String(a)} ${String(b)}`);
      if (!known || distance < known.distance)
        least.set(`${String(a)} ${String(b)}`, { classes: [a, b], distance });
    }
  }
  unit.dispose();
  return [...least.values()].sort((x, y) => x.distance - y.distance);
}
