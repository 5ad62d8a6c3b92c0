import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openBackend } from './open-backend.ts';
import { MAX_KERNEL_ERROR, compareKernels } from './self-check.ts';

it('native kernels and their gradients equal the composed ones', async () => {
  const backend = await openBackend('auto');
  const before = tf.memory().numTensors;
  const errors = compareKernels(backend.kernels);
  expect(errors.length).toBeGreaterThanOrEqual(18);
  expect(errors.filter(({ relativeError }) => !(relativeError <= MAX_KERNEL_ERROR))).toEqual([]);
  expect(tf.memory().numTensors).toBe(before);
});
