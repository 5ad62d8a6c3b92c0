import * as tf from '@tensorflow/tfjs-core';
import { convolution } from '../composed.ts';
import type { ConvolutionSpec, Kernels } from '../kernels.ts';
import { type Padded, paddedFor } from '../padded.ts';
import type { Activate } from './activation.ts';
import { Attributes, type NativeBackend, type OpAttribute } from './native-backend.ts';

/** A convolution whose image is padded already. */
interface Geometry extends Pick<ConvolutionSpec, 'stride' | 'depthwise' | 'activation'> {
  readonly pad: Padded['pad'];
}

const RECTIFIERS = { none: null, relu: ['Relu', 'ReluGrad'], relu6: ['Relu6', 'Relu6Grad'] } as const;

/**
 * Convolution, bias and activation as one kernel. The gradient needs only x, the filter and the output: the rectifiers'
 * slope can be read off the output.
 *
 * The fused kernels are TensorFlow's own, rewritten for oneDNN (`_MklNative...`), and exist on the CPU only; elsewhere
 * the parts run one by one.
 */
export function nativeConvolution(backend: NativeBackend, activate: Activate): Kernels['convolve'] {
  if (backend.isUsingGpuDevice) {
    return (x, filter, bias, spec) => activate(tf.add(convolution(x, filter, spec), bias), spec.activation);
  }
  const a = new Attributes(backend.binding);
  const float = [a.type()];
  const biasGradient = [a.type(), a.text('data_format', 'NHWC')];

  return (x, filter, bias, { stride, depthwise, activation, padding }) => {
    const [height, width] = filter.shape;
    const window = paddedFor(x, [height, width], { stride, padding });
    const spec: Geometry = { stride, depthwise, activation, pad: window.pad };
    const rectifier = RECTIFIERS[activation];
    const fused = tf.customGrad((x, filter, bias, save) => {
      const inputs = [x, filter, bias] as tf.Tensor[];
      const y = backend.executeSingleOutput(fusedName(spec), fusedAttributes(a, backend, spec), inputs);
      (save as tf.GradSaveFunc)([x as tf.Tensor, filter as tf.Tensor, y]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
        const [x, filter, y] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
        const slope = rectifier ? backend.executeSingleOutput(rectifier[1], float, [dy, y]) : dy;
        const sum = backend.executeSingleOutput('BiasAddGrad', biasGradient, [slope]);
        return [
          inputGradient(x, slope as tf.Tensor4D, filter, spec),
          filterGradient(x, slope as tf.Tensor4D, filter, spec),
          sum,
        ];
      };
      return { value: y, gradFunc };
    });
    return fused(window.x, filter, bias) as tf.Tensor4D;
  };
}

const fusedName = (spec: Geometry): string =>
  spec.depthwise ? '_MklNativeFusedDepthwiseConv2dNative' : '_MklNativeFusedConv2D';

function fusedAttributes(a: Attributes, backend: NativeBackend, spec: Geometry): OpAttribute[] {
  const rectifier = RECTIFIERS[spec.activation];
  return [
    a.type('T'),
    a.int('num_args', 1),
    a.int('strides', [1, spec.stride, spec.stride, 1]),
    a.text('padding', spec.pad === 'same' ? 'SAME' : 'VALID'),
    a.text('data_format', 'NHWC'),
    a.int('dilations', [1, 1, 1, 1]),
    a.text('fused_ops', rectifier ? ['BiasAdd', rectifier[0]] : ['BiasAdd']),
    a.float('epsilon', 1e-4),
    ...(spec.depthwise
      ? []
      : [
          a.int('explicit_paddings', []),
          a.float('leakyrelu_alpha', 0.2),
          a.type('TArgs', [backend.binding.TF_FLOAT]),
          a.int('num_host_args', 0),
        ]),
    a.text('_kernel', 'MklNameChangeOp'),
  ];
}

/** Through tfjs's own kernels, so that a replaced one (the fixed rule for filter gradients) is taken. */
function inputGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filter: tf.Tensor4D, spec: Geometry): tf.Tensor {
  const kernel = spec.depthwise ? 'DepthwiseConv2dNativeBackpropInput' : 'Conv2DBackpropInput';
  return run(kernel, { dy, filter }, { ...geometry(spec), inputShape: x.shape });
}

function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filter: tf.Tensor4D, spec: Geometry): tf.Tensor {
  const kernel = spec.depthwise ? 'DepthwiseConv2dNativeBackpropFilter' : 'Conv2DBackpropFilter';
  return run(kernel, { x, dy }, { ...geometry(spec), filterShape: filter.shape });
}

const geometry = (spec: Geometry): Record<string, unknown> => ({
  strides: [spec.stride, spec.stride],
  pad: spec.pad,
  dataFormat: 'NHWC',
  dilations: [1, 1],
  dimRoundingMode: undefined,
});

const run = (
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
): tf.Tensor => tf.engine().runKernel(kernel, inputs, attributes as never);
