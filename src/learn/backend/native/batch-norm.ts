import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernels.ts';
import { Attributes, type NativeBackend } from './native-backend.ts';

/** Batch norm with the batch's statistics, the running ones moved by the same kernel (FusedBatchNormV3). */
export function nativeBatchNorm(backend: NativeBackend): Kernels['batchNorm'] {
  const a = new Attributes(backend.binding);
  const common = (epsilon: number) => [
    a.type(),
    a.type('U'),
    a.float('epsilon', epsilon),
    a.text('data_format', 'NHWC'),
    a.bool('is_training', true),
  ];
  return (x, { gamma, beta, movingMean, movingVariance }, { epsilon, momentum }) => {
    const forward = [...common(epsilon), a.float('exponential_avg_factor', momentum)];
    const normalise = tf.customGrad((x, gamma, beta, save) => {
      const [y, mean, variance, ...reserved] = backend.executeMultipleOutputs(
        'FusedBatchNormV3',
        forward,
        [x as tf.Tensor, gamma as tf.Tensor, beta as tf.Tensor, movingMean, movingVariance],
        6,
      );
      if (!y || !mean || !variance) throw new Error('FusedBatchNormV3 returned too little');
      movingMean.assign(mean);
      movingVariance.assign(variance);
      tf.dispose([mean, variance]);
      (save as tf.GradSaveFunc)([x as tf.Tensor, gamma as tf.Tensor, ...reserved]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
        const grads = backend.executeMultipleOutputs(
          'FusedBatchNormGradV3',
          common(epsilon),
          [dy, ...saved],
          5,
        );
        tf.dispose(grads.slice(3));
        return grads.slice(0, 3);
      };
      return { value: y, gradFunc };
    });
    return normalise(x, gamma, beta) as tf.Tensor4D;
  };
}
