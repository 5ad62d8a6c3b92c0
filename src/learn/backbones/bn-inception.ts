import { buildNetwork } from './build-network.ts';
import type { Network } from './network.ts';
import {
  type ConvolutionOptions,
  type Part,
  averagePool,
  concat,
  convolution,
  maxPool,
  sequence,
  torchNorm,
} from './parts.ts';
import { CAFFE_BGR } from './pixel-scaling.ts';

/**
 * BN-Inception without its classifier, named as the PyTorch port of the Caffe model that the deep metric learning papers
 * start from: convolutions keep a bias under their batch norm, and max pools round up.
 * Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training", ICML 2015, figure 5.
 */
export function bnInception(): Network {
  const stem = sequence(
    conv('conv1_7x7_s2', 7, 64, { stride: 2, padding: 3 }),
    maxPool(3, 2, { ceil: true }),
    conv('conv2_3x3_reduce', 1, 64),
    conv('conv2_3x3', 3, 192),
    maxPool(3, 2, { ceil: true }),
  );
  const third = sequence(
    inception('3a', { one: 64, three: [64, 64], double: [64, 96], pool: 32 }),
    inception('3b', { one: 64, three: [64, 96], double: [64, 96], pool: 64 }),
    reduction('3c', { three: [128, 160], double: [64, 96] }),
  );
  const fourth = sequence(
    inception('4a', { one: 224, three: [64, 96], double: [96, 128], pool: 128 }),
    inception('4b', { one: 192, three: [96, 128], double: [96, 128], pool: 128 }),
    inception('4c', { one: 160, three: [128, 160], double: [128, 160], pool: 128 }),
    inception('4d', { one: 96, three: [128, 192], double: [160, 192], pool: 128 }),
    reduction('4e', { three: [128, 192], double: [192, 256] }),
  );
  const fifth = sequence(
    inception('5a', { one: 352, three: [192, 320], double: [160, 224], pool: 128 }),
    inception(
      '5b',
      { one: 352, three: [192, 320], double: [192, 224], pool: 128 },
      maxPool(3, 1, { padding: 'same' }),
    ),
  );
  const stages = [
    ['stem', stem],
    ['inception_3', third],
    ['inception_4', fourth],
    ['inception_5', fifth],
  ] as const;
  return buildNetwork(stages, {
    batchNormEpsilon: 1e-5,
    input: CAFFE_BGR,
    framework: 'torch',
    classifiers: ['last_linear.', 'fc.', 'embedding.'],
  });
}

/** Channels of a row of the figure: `[narrowed to, out]`. */
interface Reduced {
  readonly three: readonly [number, number];
  readonly double: readonly [number, number];
}
interface Row extends Reduced {
  readonly one: number;
  readonly pool: number;
}

const inception = (
  id: string,
  { one, three, double, pool }: Row,
  pooling = averagePool(3, 1, { padding: 1 }),
): Part =>
  concat(
    conv(`inception_${id}_1x1`, 1, one),
    ...reduced(id, { three, double }, 1),
    sequence(pooling, conv(`inception_${id}_pool_proj`, 1, pool)),
  );

const reduction = (id: string, row: Reduced): Part =>
  concat(...reduced(id, row, 2), maxPool(3, 2, { ceil: true }));

/** One 3x3 convolution, and two in a row; the last of each takes the stride. */
const reduced = (id: string, { three, double }: Reduced, stride: number): Part[] => {
  const name = `inception_${id}`;
  const last = { stride, padding: 1 };
  return [
    sequence(conv(`${name}_3x3_reduce`, 1, three[0]), conv(`${name}_3x3`, 3, three[1], last)),
    sequence(
      conv(`${name}_double_3x3_reduce`, 1, double[0]),
      conv(`${name}_double_3x3_1`, 3, double[1]),
      conv(`${name}_double_3x3_2`, 3, double[1], last),
    ),
  ];
};

const conv = (name: string, size: number, out: number, options?: ConvolutionOptions): Part =>
  convolution({ filter: `${name}.weight`, norm: torchNorm(`${name}_bn`) }, size, out, {
    ...options,
    bias: `${name}.bias`,
  });
