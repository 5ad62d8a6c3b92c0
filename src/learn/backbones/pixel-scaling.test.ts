import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { composedKernels } from '../backend/composed.ts';
import { buildNetwork } from './build-network.ts';
import { findBackbone } from './catalog.ts';
import { featureMap } from './run-network.ts';

beforeAll(() => openBackend('auto'));

/** What the network's first layer sees of a pixel. */
function seen(id: string, pixel: readonly [number, number, number]): number[] {
  const { input } = findBackbone(id)?.create() ?? expect.fail(id);
  const bare = buildNetwork([], { batchNormEpsilon: 0, framework: 'torch', classifiers: [], input });
  const runner = { kernels: composedKernels, convolution: expect.fail, norm: expect.fail };
  return [...featureMap(bare, tf.tensor4d([...pixel], [1, 1, 1, 3]), runner).dataSync()];
}

describe('pixels as networks were trained to see them', () => {
  it.each([
    // torchvision: (pixel / 255 - mean) / deviation
    ['resnet18', [255, 0, 51], [2.2489083, -2.0357143, -0.9155556]],
    ['densenet161', [0, 255, 255], [-2.117904, 2.4285714, 2.64]],
    ['efficientnet_lite0', [123.675, 116.28, 103.53], [0, 0, 0]],
    // Caffe: blue, green, red, less 104, 117, 128
    ['bn_inception', [200, 100, 50], [-54, -17, 72]],
    // TensorFlow: -1 to 1
    ['inception_v3', [0, 127.5, 255], [-1, 0, 1]],
    ['mobilenet-v2-0.35', [255, 0, 63.75], [1, -1, -0.5]],
    ['tf_efficientnet_lite0', [255, 0, 127.5], [1, -1, 0]],
  ] as const)('%s sees %j as %j', (id, pixel, wanted) => {
    const got = seen(id, pixel);
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 4);
  });
});
