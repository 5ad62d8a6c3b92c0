import { ComposedOptimizer } from '../composed-optimizer.ts';
import type { Kernels } from '../kernels.ts';
import { nativeActivation } from './activation.ts';
import { nativeBatchNorm } from './batch-norm.ts';
import { nativeConvolution } from './convolution.ts';
import { nativeCrossEntropy } from './cross-entropy.ts';
import { installFilterGradient } from './filter-gradient.ts';
import { nativeMaxPool } from './max-pool.ts';
import type { NativeBackend } from './native-backend.ts';
import { NativeOptimizer } from './native-optimizer.ts';

/** TensorFlow's own kernels for the active backend. */
export function createNativeKernels(backend: NativeBackend): Kernels {
  installFilterGradient(backend);
  const activate = nativeActivation(backend);
  return {
    id: 'native',
    activate,
    convolve: nativeConvolution(backend, activate),
    batchNorm: nativeBatchNorm(backend),
    maxPool: nativeMaxPool(backend),
    softmaxCrossEntropy: nativeCrossEntropy(backend),
    createOptimizer: (parameters, rule) =>
      rule.kernel
        ? new NativeOptimizer(backend, parameters, rule, rule.kernel)
        : new ComposedOptimizer(parameters, rule),
  };
}
