import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWasm } from '#workers/backend/wasm.ts';
import { averagePool } from './average-pool.ts';
import { composedKernels } from './composed.ts';
import { isSame, windowsAlong } from './windows.ts';

beforeAll(() => loadWasm(1));

describe('windowsAlong', () => {
  it('lays a 7 wide window of stride 2 and padding 3 as torch does', () => {
    expect(windowsAlong(64, 7, 2, 3)).toEqual({ before: 3, after: 2, count: 32 });
    expect(isSame(windowsAlong(64, 7, 2, 3), 64, 7, 2)).toBe(false);
    expect(isSame(windowsAlong(63, 7, 2, 3), 63, 7, 2)).toBe(true);
  });

  it('rounds up in ceil mode, but begins no window behind the image', () => {
    expect(windowsAlong(48, 3, 2, 0).count).toBe(23);
    expect(windowsAlong(48, 3, 2, 0, true)).toEqual({ before: 0, after: 1, count: 24 });
    expect(windowsAlong(3, 2, 2, 1, true).count).toBe(2);
    expect(windowsAlong(5, 1, 3, 0, true).count).toBe(2);
  });

  it('pads SAME as TensorFlow does', () => {
    expect(windowsAlong(6, 3, 2, 'same')).toEqual({ before: 0, after: 1, count: 3 });
    expect(windowsAlong(7, 3, 2, 'same')).toEqual({ before: 1, after: 1, count: 4 });
  });
});

const [HEIGHT, WIDTH] = [5, 6];
const image = Float32Array.from({ length: HEIGHT * WIDTH }, (_, i) => Math.max(0, Math.sin(i * 1.7)));

interface Spec {
  readonly size: number;
  readonly stride: number;
  readonly padding: number;
  readonly ceil: boolean;
}

/** For each window its cells that lie in the image, and how many cells it has with the padding. */
function windowsOf({ size, stride, padding, ceil }: Spec): { cells: number[]; withPadding: number }[] {
  const [rows, columns] = [HEIGHT, WIDTH].map((length) =>
    windowsAlong(length, size, stride, padding, ceil),
  ) as [ReturnType<typeof windowsAlong>, ReturnType<typeof windowsAlong>];
  const windows = [];
  for (let i = 0; i < rows.count; i++) {
    for (let j = 0; j < columns.count; j++) {
      const cells: number[] = [];
      let withPadding = 0;
      for (let y = i * stride - padding; y < i * stride - padding + size; y++) {
        for (let x = j * stride - padding; x < j * stride - padding + size; x++) {
          if (y < HEIGHT + padding && x < WIDTH + padding) withPadding += 1;
          if (y >= 0 && y < HEIGHT && x >= 0 && x < WIDTH) cells.push(y * WIDTH + x);
        }
      }
      windows.push({ cells, withPadding });
    }
  }
  return windows;
}

const SPECS: Spec[] = [
  { size: 3, stride: 1, padding: 1, ceil: false },
  { size: 3, stride: 2, padding: 1, ceil: false },
  { size: 3, stride: 2, padding: 0, ceil: true },
  { size: 2, stride: 2, padding: 0, ceil: true },
  { size: 3, stride: 2, padding: 1, ceil: true },
];

/** The pool and the gradient of sum_w (w + 1) * output_w. */
function run(pool: (x: tf.Tensor4D) => tf.Tensor4D): { y: Float32Array; gradient: Float32Array } {
  const x = tf.tensor4d(image, [1, HEIGHT, WIDTH, 1]);
  const weighted = (x: tf.Tensor): tf.Scalar => {
    const y = tf.reshape(pool(x as tf.Tensor4D), [-1]);
    return tf.sum(tf.mul(y, tf.range(1, y.size + 1)));
  };
  return {
    y: pool(x).dataSync<'float32'>(),
    gradient: tf.grad(weighted)(x).dataSync<'float32'>(),
  };
}

function expectClose(got: Float32Array, want: readonly number[]): void {
  expect(got.length).toBe(want.length);
  for (const [i, value] of want.entries()) expect(got[i]).toBeCloseTo(value, 4);
}

describe.each(SPECS)(
  'pools of $size, stride $stride, padding $padding, ceil $ceil, on WebAssembly',
  (spec) => {
    const windows = windowsOf(spec);

    it.each([true, false])(
      'average: value and gradient as counted by hand; padding counted: %s',
      (countPadding) => {
        const { y, gradient } = run((x) => averagePool(x, { ...spec, countPadding }));
        const wanted = new Array<number>(image.length).fill(0);
        const means = windows.map(({ cells, withPadding }, w) => {
          const count = countPadding ? withPadding : cells.length;
          for (const cell of cells) wanted[cell] = (wanted[cell] as number) + (w + 1) / count;
          return cells.reduce((sum, cell) => sum + (image[cell] as number), 0) / count;
        });
        expectClose(y, means);
        expectClose(gradient, wanted);
      },
    );

    it('largest: value and gradient as counted by hand', () => {
      const { y, gradient } = run((x) => composedKernels.maxPool(x, spec));
      const wanted = new Array<number>(image.length).fill(0);
      const largest = windows.map(({ cells }, w) => {
        const [best = 0] = cells.toSorted((a, b) => (image[b] as number) - (image[a] as number));
        // Where all is 0 it does not matter whose gradient it is: the rectifier before takes it away.
        if ((image[best] as number) > 0) wanted[best] = (wanted[best] as number) + w + 1;
        return image[best] as number;
      });
      expectClose(y, largest);
      const positive = (values: Iterable<number>): number[] =>
        [...values].map((value, cell) => ((image[cell] as number) > 0 ? value : 0));
      expectClose(Float32Array.from(positive(gradient)), positive(wanted));
    });
  },
);
