import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {
  type NativeBackend,
  type NativeBinding,
  activeNativeBackend,
} from '#learn/backend/native/native-backend.ts';

/** How many threads one operation may use, and how many operations run at once. */
export interface ThreadPlan {
  readonly withinOperation: number;
  readonly betweenOperations: number;
}

type KernelBackendClass = new (binding: NativeBinding, packageName: string) => tf.KernelBackend;

/**
 * Loads TensorFlow's addon from the provisioned folder and makes it tfjs's backend. Once a process; the environment
 * must be set before the library is loaded, because it reads it only then.
 */
export function loadTensorflow(folder: string, threads: ThreadPlan): NativeBackend {
  Object.assign(process.env, {
    TF_ENABLE_ONEDNN_OPTS: '1',
    TF_NUM_INTRAOP_THREADS: String(threads.withinOperation),
    TF_NUM_INTEROP_THREADS: String(threads.betweenOperations),
    OMP_NUM_THREADS: String(threads.withinOperation),
    TF_ONEDNN_THREADPOOL_USE_CALLER_THREAD: '1',
    TF_CPP_MIN_LOG_LEVEL: process.env['TF_CPP_MIN_LOG_LEVEL'] ?? '3',
  });
  const require = createRequire(import.meta.url);
  restoreRemovedUtilities(require('node:util') as Record<string, unknown>);
  const binding = require(join(folder, 'lib', 'napi-v8', 'tfjs_binding.node')) as NativeBinding;
  require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels');
  const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend') as {
    NodeJSKernelBackend: KernelBackendClass;
  };
  tf.registerBackend('tensorflow', () => new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu'), 3);
  if (tf.setBackend('tensorflow') !== (true as unknown)) void tf.ready();
  return activeNativeBackend();
}

/** tfjs-node 4.22 calls two functions that Node removed in version 23. */
function restoreRemovedUtilities(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  // Still there in some versions, where it warns at every call.
  util['isArray'] = Array.isArray;
}
