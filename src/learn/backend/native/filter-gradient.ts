import * as tf from '@tensorflow/tfjs-core';
import { Attributes, type NativeBackend } from './native-backend.ts';

/**
 * Output area up to which TensorFlow's Eigen kernel computes filter gradients; oneDNN does above it. A fixed rule and
 * not a timing, so that every process computes the same bits.
 */
const EIGEN_MAX_OUTPUT_AREA = 16;

const installed = new WeakSet<object>();

/** Replaces tfjs-node's filter-gradient kernel. EXPLICIT padding is what keeps TensorFlow from rewriting to oneDNN. */
export function installFilterGradient(backend: NativeBackend): void {
  if (installed.has(backend)) return;
  installed.add(backend);
  const a = new Attributes(backend.binding);
  tf.unregisterKernel('Conv2DBackpropFilter', 'tensorflow');
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
      const { strides, pad, dimRoundingMode, filterShape } = attrs as unknown as tf.Conv2DBackpropFilterAttrs;
      const info = tf.backend_util.computeConv2DInfo(
        x.shape,
        filterShape,
        strides,
        1,
        pad,
        dimRoundingMode,
        false,
      );
      const { type, top, bottom, left, right } = info.padInfo;
      const eigen = type === 'EXPLICIT' || info.outHeight * info.outWidth <= EIGEN_MAX_OUTPUT_AREA;
      const padding = eigen
        ? [a.text('padding', 'EXPLICIT'), a.int('explicit_paddings', [0, 0, top, bottom, left, right, 0, 0])]
        : [a.text('padding', type)];
      const shape = tf.tensor1d(filterShape, 'int32');
      const gradient = backend.executeSingleOutput(
        'Conv2DBackpropFilter',
        [
          a.type(),
          a.text('data_format', 'NHWC'),
          a.int('strides', [1, info.strideHeight, info.strideWidth, 1]),
          a.int('dilations', [1, 1, 1, 1]),
          a.bool('use_cudnn_on_gpu', true),
          ...padding,
        ],
        [x, shape, dy],
      );
      shape.dispose();
      return gradient;
    },
  });
}
