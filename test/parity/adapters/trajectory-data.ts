import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSafetensors } from '#formats/safetensors.ts';
import { buildNetwork } from '#learn/backbones/build-network.ts';
import type { Network } from '#learn/backbones/network.ts';
import { averagePool, convolution, sequence, torchNorm } from '#learn/backbones/parts.ts';
import { HEAD_BIAS, HEAD_KERNEL, type WeightArray } from '#learn/models/weights.ts';
import type { ParityCase } from '../case.ts';

/** The arrays of the trajectories as our layouts have them: NHWC, filters [kh, kw, in, out], linear layers [in, out]. */
export interface TrajectoryData {
  /** The network's starting weights, by our names. */
  readonly weights: ReadonlyMap<string, WeightArray>;
  readonly train: Images;
  readonly heldout: Images;
  /** Image numbers of each step. */
  readonly batches: readonly Int32Array[];
  /** An array by the file's name, in our layout; undefined where the file has none. */
  array(name: string): WeightArray | undefined;
}

export interface Images {
  /** [images, side, side, 3], 0 to 255. */
  readonly pixels: Float32Array;
  readonly labels: Int32Array;
  readonly side: number;
}

/** Where a method's arrays and the head's stand in the file. */
export const FILE_NAMES: Readonly<Record<string, string>> = {
  [HEAD_KERNEL]: 'embed.weight',
  [HEAD_BIAS]: 'embed.bias',
  'method/centers': 'centers',
  'method/proxies': 'proxies',
  'method/classifier/kernel': 'logits.weight',
  'method/classifier/bias': 'logits.bias',
};

/** Three convolutions, each with batch norm, ReLU and average pooling. */
export function trajectoryNetwork(channels: readonly number[]): Network {
  const stages = channels.map((count, i) => {
    const names = { filter: `conv${i + 1}.weight`, norm: torchNorm(`bn${i + 1}`) };
    return [
      `stage ${i + 1}`,
      sequence(convolution(names, 3, count, { padding: 1 }), averagePool(2, 2)),
    ] as const;
  });
  return buildNetwork(stages, {
    batchNormEpsilon: 1e-5,
    input: { order: 'rgb', scale: 1 / 128, offset: -1 },
    framework: 'torch',
    classifiers: [],
  });
}

export function readTrajectory({ folder, inputs }: ParityCase): TrajectoryData {
  const path = join(folder, inputs['file'] as unknown as string);
  const { tensors } = decodeSafetensors(readFileSync(path));
  const raw = (name: string): { shape: readonly number[]; data: ArrayLike<number> } => {
    const found = tensors.get(name);
    if (!found) throw new Error(`the file has no ${name}`);
    return found as never;
  };
  const array = (name: string): WeightArray | undefined => {
    if (!tensors.has(name)) return undefined;
    const { shape, data } = raw(name);
    const values = Float32Array.from(data);
    if (shape.length === 4) return axesMoved(values, shape, [2, 3, 1, 0]);
    return /(embed|logits)\.weight$/.test(name) ? axesMoved(values, shape, [1, 0]) : { shape, data: values };
  };
  const images = (part: string): Images => {
    const { shape, data } = raw(`${part}_images`);
    const { data: pixels } = axesMoved(Float32Array.from(data), shape, [0, 2, 3, 1]);
    return { pixels, labels: Int32Array.from(raw(`${part}_labels`).data), side: shape[2]! };
  };
  const weights = new Map<string, WeightArray>();
  const put = (name: string, file = name): void => {
    weights.set(name, array(`init.${file}`)!);
  };
  for (let k = 1; tensors.has(`init.conv${k}.weight`); k++) {
    for (const name of [`conv${k}.weight`, `bn${k}.weight`, `bn${k}.bias`]) put(name);
    const { shape, data } = weights.get(`bn${k}.bias`)!;
    weights.set(`bn${k}.running_mean`, { shape, data: new Float32Array(data.length) });
    weights.set(`bn${k}.running_var`, { shape, data: new Float32Array(data.length).fill(1) });
  }
  for (const name of [HEAD_KERNEL, HEAD_BIAS]) put(name, FILE_NAMES[name]);
  const steps = raw('batches');
  const width = steps.shape[1]!;
  return {
    weights,
    train: images('train'),
    heldout: images('heldout'),
    batches: Array.from({ length: steps.shape[0]! }, (_, step) =>
      Int32Array.from({ length: width }, (_, i) => steps.data[step * width + i]!),
    ),
    array,
  };
}

/** The array with its axes in another order. */
function axesMoved(data: Float32Array, shape: readonly number[], order: readonly number[]): WeightArray {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const moved = order.map((axis) => shape[axis]!);
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) {
    let [rest, from] = [i, 0];
    for (let axis = moved.length - 1; axis >= 0; axis--) {
      from += (rest % moved[axis]!) * strides[order[axis]!]!;
      rest = Math.floor(rest / moved[axis]!);
    }
    result[i] = data[from]!;
  }
  return { shape: moved, data: result };
}
