import { buildNetwork } from '../../backbones/build-network.ts';
import type { Network } from '../../backbones/network.ts';
import {
  averagePool,
  concat,
  convolution,
  depthwise,
  identity,
  maxPool,
  norm,
  sequence,
  sum,
  torchNorm,
} from '../../backbones/parts.ts';
import type { Random } from '../../random/counter-random.ts';
import { randomWeights } from '../random-weights.ts';
import type { WeightArray } from '../weights.ts';

const named = (name: string) => ({ filter: `${name}.weight`, norm: torchNorm(`${name}.bn`) });

/** A small network with every kind of layer, padding and pool, for 16 px. */
export const everyLayer = (): Network =>
  buildNetwork(
    [
      [
        'stem',
        sequence(
          convolution(named('stem'), 7, 6, { stride: 2, padding: 3, bias: 'stem.bias' }),
          maxPool(3, 2, { padding: 1 }),
        ),
      ],
      [
        'branches',
        concat(
          identity,
          sequence(averagePool(3, 1, { padding: 1 }), convolution(named('pool'), 1, 4)),
          sequence(
            averagePool(3, 1, { padding: 1, countPadding: false }),
            convolution(named('row'), [1, 3], 4),
          ),
          sequence(convolution(named('narrow'), 1, 4), convolution(named('column'), [3, 1], 4)),
        ),
      ],
      [
        'halved',
        sum(residual(2), convolution(named('shortcut'), 1, 8, { stride: 2, activation: 'none' }), 'relu'),
      ],
      ['kept', sum(identity, residual(1), 'none')],
      [
        'dense',
        concat(
          identity,
          sequence(
            norm(torchNorm('dense.norm'), 'relu'),
            convolution({ filter: 'dense.weight', norm: null }, 3, 4, { activation: 'none' }),
          ),
        ),
      ],
    ],
    {
      batchNormEpsilon: 1e-3,
      input: { order: 'bgr', scale: [0.01, 0.011, 0.012], offset: [-1, -1.1, -1.2] },
      framework: 'torch',
      classifiers: [],
    },
  );

const residual = (stride: number) =>
  sequence(
    convolution(named(`wide${String(stride)}`), 1, 12, { activation: 'relu6' }),
    depthwise(named(`each${String(stride)}`), 3, { stride, padding: 1 }),
    convolution(named(`out${String(stride)}`), 1, 8, { activation: 'none' }),
  );

/** Random filters, and vectors that are neither 0 nor 1. */
export function unevenWeights(network: Network, random: Random): Map<string, WeightArray> {
  const arrays = randomWeights(network, random);
  for (const { shape, data } of arrays.values()) {
    if (shape.length > 1) continue;
    for (let i = 0; i < data.length; i++) data[i] = Math.abs((data[i] as number) + 0.3 * random.next());
  }
  return arrays;
}
