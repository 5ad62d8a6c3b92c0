import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { mustRun } from '../processes.mjs';
import { applyEdits } from './edits.mjs';
import { attributeEdits } from './patch-attributes.mjs';
import { functionEdits } from './patch-functions.mjs';
import { signalEdits } from './patch-signals.mjs';

export const ADDON_EDITS = [...attributeEdits, ...signalEdits, ...functionEdits];

const FLAGS = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-s'];

/** Copies the addon's source out of its npm package, so that the package stays as it came, and changes the copy. */
export function preparedSource(bindingFolder, target) {
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(bindingFolder))
    copyFileSync(path.join(bindingFolder, name), path.join(target, name));
  applyEdits(target, ADDON_EDITS);
}

/** One N-API binary for every Node; it finds the libraries relative to itself. */
export async function compileAddon({ source, headers, folder }) {
  const output = path.join(folder, 'lib', 'napi-v8');
  mkdirSync(output, { recursive: true });
  await mustRun('Compiling the TensorFlow addon', 'g++', [
    ...FLAGS,
    `-I${headers}`,
    `-I${path.join(folder, 'deps', 'include')}`,
    '-o',
    path.join(output, 'tfjs_binding.node'),
    path.join(source, 'tfjs_backend.cc'),
    path.join(source, 'tfjs_binding.cc'),
    `-L${path.join(folder, 'deps', 'lib')}`,
    '-l:libtensorflow_cc.so.2',
    '-l:libtensorflow_framework.so.2',
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ]);
}
