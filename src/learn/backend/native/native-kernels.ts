import type { Kernels } from '../kernels.ts';
import { nativeActivation } from './activation.ts';
import { NativeAdam } from './adam.ts';
import { nativeBatchNorm } from './batch-norm.ts';
import { nativeConvolution } from './convolution.ts';
import { nativeCrossEntropy } from './cross-entropy.ts';
import { installFilterGradient } from './filter-gradient.ts';
import type { NativeBackend } from './native-backend.ts';

/** TensorFlow's own kernels for the active backend. */
export function createNativeKernels(backend: NativeBackend): Kernels {
  installFilterGradient(backend);
  const activate = nativeActivation(backend);
  return {
    id: 'native',
    activate,
    convolve: nativeConvolution(backend, activate),
    batchNorm: nativeBatchNorm(backend),
    softmaxCrossEntropy: nativeCrossEntropy(backend),
    createAdam: (parameters, beta1, beta2) => new NativeAdam(backend, parameters, beta1, beta2),
  };
}
