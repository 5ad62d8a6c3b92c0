import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { registerMissingKernels } from '#learn/backend/missing-kernels.ts';

interface WasmPackage {
  setWasmPaths(folder: string): void;
  setThreadsCount(threads: number): void;
  readonly version_wasm: string;
}

/** Makes WebAssembly tfjs's backend, with the training kernels that it lacks. Returns the package's version. */
export async function loadWasm(threads: number): Promise<string> {
  const require = createRequire(import.meta.url);
  // Registers the gradients of all operations with tfjs-core.
  require('@tensorflow/tfjs');
  const wasm = require('@tensorflow/tfjs-backend-wasm') as WasmPackage;
  wasm.setWasmPaths(
    join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + sep,
  );
  wasm.setThreadsCount(threads);
  if (!(await tf.setBackend('wasm'))) throw new Error('tfjs could not start its WebAssembly backend');
  await tf.ready();
  registerMissingKernels('wasm');
  return wasm.version_wasm;
}
