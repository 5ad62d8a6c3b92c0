import { buildNetwork } from './build-network.ts';
import type { Network, PixelScaling } from './network.ts';
import {
  type ConvolutionOptions,
  type Part,
  convolution,
  identity,
  kerasNorm,
  maxPool,
  sequence,
  sum,
} from './parts.ts';

const BLOCKS = [3, 4, 6, 3];

/** Caffe's pixels as Keras has them: blue, green, red, less the mean colour of ImageNet. */
const KERAS_CAFFE: PixelScaling = { order: 'bgr', scale: 1, offset: [-103.939, -116.779, -123.68] };

/** A layer's name before `/kernel`, and its norm's before `/gamma`. */
type LayerName = readonly [convolution: string, norm: string];

interface Style {
  readonly batchNormEpsilon: number;
  readonly stem: LayerName;
  /** @param part 0 for the shortcut, then 1 to 3 */
  readonly layer: (stage: number, block: number, part: number) => LayerName;
}

const STYLES = {
  /** Keras up to 2.2.2, and what was converted from it: `res2a_branch2a`. */
  letters: {
    batchNormEpsilon: 1e-3,
    stem: ['conv1', 'bn_conv1'],
    layer: (stage, block, part) => {
      const branch = part === 0 ? '1' : `2${'abc'.charAt(part - 1)}`;
      const place = `${String(stage)}${String.fromCharCode(97 + block)}_branch${branch}`;
      return [`res${place}`, `bn${place}`];
    },
  },
  /** Keras since 2.2.3: `conv2_block1_1_conv`. */
  numbers: {
    batchNormEpsilon: 1.001e-5,
    stem: ['conv1_conv', 'conv1_bn'],
    layer: (stage, block, part) => {
      const place = `conv${String(stage)}_block${String(block + 1)}_${String(part)}`;
      return [`${place}_conv`, `${place}_bn`];
    },
  },
} as const satisfies Record<string, Style>;

/**
 * ResNet-50 without its classifier as Keras has it: the stride on the first convolution of a bottleneck, biases under
 * the batch norms, Caffe's pixels.
 * He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.
 *
 * @param names the layers' names, which tell the version of Keras
 */
export function kerasResNet50(names: keyof typeof STYLES): Network {
  const { batchNormEpsilon, stem, layer }: Style = STYLES[names];
  const first = sequence(conv(stem, 7, 64, { stride: 2, padding: 3 }), maxPool(3, 2, { padding: 1 }));
  const stages = BLOCKS.map((count, i) => {
    const parts = Array.from({ length: count }, (_, j) =>
      bottleneck((part) => layer(i + 2, j, part), 64 * 2 ** i, j === 0, j === 0 && i > 0 ? 2 : 1),
    );
    return [`layer${String(i + 1)}`, sequence(...parts)] as const;
  });
  return buildNetwork([['stem', first], ...stages], {
    batchNormEpsilon,
    input: KERAS_CAFFE,
    framework: 'keras',
    classifiers: ['fc1000', 'predictions', 'probs'],
  });
}

function bottleneck(
  name: (part: number) => LayerName,
  width: number,
  projects: boolean,
  stride: number,
): Part {
  const last = { activation: 'none' } as const;
  const main = sequence(
    conv(name(1), 1, width, { stride, padding: 0 }),
    conv(name(2), 3, width, { padding: 1 }),
    conv(name(3), 1, 4 * width, last),
  );
  return sum(
    main,
    projects ? conv(name(0), 1, 4 * width, { stride, padding: 0, ...last }) : identity,
    'relu',
  );
}

const conv = ([name, norm]: LayerName, size: number, out: number, options?: ConvolutionOptions): Part =>
  convolution({ filter: `${name}/kernel`, norm: kerasNorm(norm) }, size, out, {
    ...options,
    bias: `${name}/bias`,
  });
