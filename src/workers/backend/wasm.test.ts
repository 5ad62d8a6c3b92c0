import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadWasm } from './wasm.ts';

beforeAll(() => loadWasm(1));

/** Gradients of a fixed weighting of the outputs, on the named backend. */
async function gradientsOn(
  backend: string,
  f: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: number[][],
): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const inputs = shapes.map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.7) + 0.1),
      shape,
    );
  });
  const weighted = (...args: tf.Tensor[]): tf.Scalar => {
    const y = f(...args);
    return tf.sum(
      tf.mul(
        y,
        tf.tensor(
          Float32Array.from({ length: y.size }, (_, i) => Math.cos(i)),
          y.shape,
        ),
      ),
    );
  };
  return tf
    .grads(weighted)(inputs)
    .map((g) => g.dataSync<'float32'>());
}

describe('training kernels that the WebAssembly backend lacks', () => {
  const cases = [1, 2].flatMap((stride) =>
    ['same', 'valid'].flatMap((pad) => [
      [
        `convolution stride ${String(stride)} ${pad}`,
        [2, 7, 8, 3],
        [3, 3, 3, 4],
        false,
        stride,
        pad,
      ] as const,
      [
        `1x1 convolution stride ${String(stride)} ${pad}`,
        [2, 6, 6, 3],
        [1, 1, 3, 5],
        false,
        stride,
        pad,
      ] as const,
      [
        `depthwise convolution stride ${String(stride)} ${pad}`,
        [2, 8, 7, 3],
        [3, 3, 3, 1],
        true,
        stride,
        pad,
      ] as const,
    ]),
  );
  it.each(cases)(
    '%s: gradients as on the plain JavaScript backend',
    async (_, x, filter, depthwise, stride, pad) => {
      const convolve = (x: tf.Tensor, w: tf.Tensor): tf.Tensor =>
        depthwise
          ? tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad as 'same')
          : tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad as 'same');
      const shapes = [[...x], [...filter]];
      const got = await gradientsOn('wasm', convolve, shapes);
      const want = await gradientsOn('cpu', convolve, shapes);
      for (const [i, values] of want.entries()) {
        const largest = Math.max(...values.map(Math.abs));
        const difference = Math.max(...values.map((v, j) => Math.abs(v - (got[i]?.[j] as number))));
        expect(difference / largest).toBeLessThan(1e-5);
      }
    },
  );
});
