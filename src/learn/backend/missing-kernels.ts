import * as tf from '@tensorflow/tfjs-core';

type ConvInfo = tf.backend_util.Conv2DInfo;

/**
 * Registers the training kernels that a backend lacks (wasm has no filter gradients, no input gradient of the depthwise
 * convolution and no segment sum) as compositions of kernels that it has.
 */
export function registerMissingKernels(backendName: string): string[] {
  const added: string[] = [];
  for (const [kernelName, compute] of Object.entries(compositions)) {
    if (tf.getKernel(kernelName, backendName)) continue;
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs }) => tf.tidy(() => compute(inputs, attrs)),
    });
    added.push(kernelName);
  }
  return added;
}

type Compute = (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap | undefined) => tf.Tensor;

const compositions: Record<string, Compute> = {
  Conv2DBackpropFilter(inputs, attributes) {
    const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const { filterShape, ...rest } = attributes as unknown as tf.Conv2DBackpropFilterAttrs;
    const info = geometryOf(x.shape, filterShape, rest, false);
    const { filterHeight, filterWidth, inChannels, outChannels } = info;
    const rows = tf.reshape(dy, [-1, outChannels]);
    const padded = padInput(x, info);
    const parts: tf.Tensor[] = [];
    for (const window of windowsOf(padded, info)) {
      parts.push(tf.matMul(tf.reshape(window, [-1, inChannels]), rows, true, false));
    }
    return tf.reshape(tf.stack(parts), [filterHeight, filterWidth, inChannels, outChannels]);
  },

  DepthwiseConv2dNativeBackpropFilter(inputs, attributes) {
    const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const { filterShape, ...rest } = attributes as unknown as tf.DepthwiseConv2dNativeBackpropFilterAttrs;
    refuseMultiplier(filterShape[3]);
    const info = geometryOf(x.shape, filterShape, rest, true);
    const parts: tf.Tensor[] = [];
    for (const window of windowsOf(padInput(x, info), info))
      parts.push(tf.sum(tf.mul(window, dy), [0, 1, 2]));
    return tf.reshape(tf.stack(parts), filterShape);
  },

  /** Spreads dy by the stride, then convolves with the filter turned by 180 degrees. */
  DepthwiseConv2dNativeBackpropInput(inputs, attributes) {
    const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
    const { inputShape, ...rest } = attributes as unknown as tf.DepthwiseConv2dNativeBackpropInputAttrs;
    refuseMultiplier(filter.shape[3]);
    const info = geometryOf(inputShape, filter.shape, rest, true);
    const { effectiveFilterHeight: fh, effectiveFilterWidth: fw, inHeight, inWidth, padInfo } = info;
    const [batch, , , channels] = dy.shape;
    const spread = spreadByStride(dy, info);
    const top = fh - 1 - padInfo.top;
    const left = fw - 1 - padInfo.left;
    const bottom = Math.max(0, inHeight + fh - 1 - spread.shape[1] - top);
    const right = Math.max(0, inWidth + fw - 1 - spread.shape[2] - left);
    const padded = tf.pad(spread, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ]);
    const fitted = tf.slice(padded, [0, 0, 0, 0], [batch, inHeight + fh - 1, inWidth + fw - 1, channels]);
    return tf.depthwiseConv2d(fitted, tf.reverse(filter, [0, 1]), 1, 'valid');
  },

  UnsortedSegmentSum(inputs, attributes) {
    const { x, segmentIds } = inputs as { x: tf.Tensor; segmentIds: tf.Tensor1D };
    const { numSegments } = attributes as unknown as tf.UnsortedSegmentSumAttrs;
    const member = tf.oneHot(segmentIds, numSegments, 1, 0, 'float32');
    const flat = tf.reshape(x, [x.shape[0] ?? 1, -1]);
    return tf.reshape(tf.matMul(member, flat, true, false), [numSegments, ...x.shape.slice(1)]);
  },
};

function refuseMultiplier(multiplier: number | undefined): void {
  if (multiplier !== 1) throw new Error('a channel multiplier above 1 has no composed gradient');
}

interface ConvAttributes {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const geometryOf = (
  input: [number, number, number, number],
  filter: [number, number, number, number],
  attributes: ConvAttributes,
  depthwise: boolean,
): ConvInfo => {
  const { strides, dilations, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computeConv2DInfo(
    input,
    filter,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
};

function padInput(x: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { top, left } = info.padInfo;
  const height = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth;
  const bottom = Math.max(0, height - top - info.inHeight);
  const right = Math.max(0, width - left - info.inWidth);
  return top || left || bottom || right
    ? tf.pad(x, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ])
    : x;
}

/** For each filter position, the input values that it meets: [batch, outHeight, outWidth, channels]. */
function* windowsOf(padded: tf.Tensor4D, info: ConvInfo): Generator<tf.Tensor4D> {
  const [batch, , , channels] = padded.shape;
  const { strideHeight, strideWidth, outHeight, outWidth, dilationHeight, dilationWidth } = info;
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const begin: [number, number, number, number] = [0, row * dilationHeight, column * dilationWidth, 0];
      const end = [
        batch,
        begin[1] + (outHeight - 1) * strideHeight + 1,
        begin[2] + (outWidth - 1) * strideWidth + 1,
        channels,
      ];
      yield tf.stridedSlice(padded, begin, end, [1, strideHeight, strideWidth, 1]) as tf.Tensor4D;
    }
  }
}

/** Puts stride - 1 zeros between the values of both spatial axes. */
function spreadByStride(dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { strideHeight: sh, strideWidth: sw, outHeight: oh, outWidth: ow } = info;
  if (sh === 1 && sw === 1) return dy;
  const [batch, , , channels] = dy.shape;
  const tall = tf.pad(tf.reshape(dy, [batch, oh, 1, ow * channels]), [
    [0, 0],
    [0, 0],
    [0, sh - 1],
    [0, 0],
  ]);
  const wide = tf.pad(tf.reshape(tall, [batch * oh * sh, ow, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, sw - 1],
    [0, 0],
  ]);
  const whole = tf.reshape<tf.Rank.R4>(wide, [batch, oh * sh, ow * sw, channels]);
  return tf.slice(whole, [0, 0, 0, 0], [batch, (oh - 1) * sh + 1, (ow - 1) * sw + 1, channels]);
}
