import * as tf from '@tensorflow/tfjs-core';
import { composedKernels } from '../composed.ts';
import type { Kernels } from '../kernels.ts';
import { paddedFor } from '../padded.ts';
import { Attributes, type NativeBackend } from './native-backend.ts';

/**
 * oneDNN's max pool, which remembers where each maximum was (`workspace`), so that its gradient need not search again.
 * CPU only, as its name says.
 */
export function nativeMaxPool(backend: NativeBackend): Kernels['maxPool'] {
  if (backend.isUsingGpuDevice) return (x, spec) => composedKernels.maxPool(x, spec);
  const a = new Attributes(backend.binding);
  return (x, spec) => {
    const window = paddedFor(x, [spec.size, spec.size], spec);
    const attributes = [
      a.type(),
      a.int('ksize', [1, spec.size, spec.size, 1]),
      a.int('strides', [1, spec.stride, spec.stride, 1]),
      a.text('padding', window.pad === 'same' ? 'SAME' : 'VALID'),
      a.int('explicit_paddings', []),
      a.text('data_format', 'NHWC'),
      a.bool('workspace_enabled', true),
      a.text('_kernel', 'MklNameChangeOp'),
    ];
    const pool = tf.customGrad((x, save) => {
      const [y, workspace] = backend.executeMultipleOutputs(
        '_MklNativeMaxPool',
        attributes,
        [x as tf.Tensor],
        2,
      );
      if (!y || !workspace) throw new Error('_MklNativeMaxPool returned too little');
      (save as tf.GradSaveFunc)([x as tf.Tensor, y, workspace]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
        const [x, y, workspace] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        return backend.executeSingleOutput('_MklNativeMaxPoolGrad', attributes, [x, y, dy, workspace]);
      };
      return { value: y, gradFunc };
    });
    return pool(window.x) as tf.Tensor4D;
  };
}
