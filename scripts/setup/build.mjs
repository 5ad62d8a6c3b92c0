import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import { treeDigest } from './digest.mjs';
import { fillFolder, readJson, writeJson } from './files.mjs';
import { ROOT, tool } from './places.mjs';
import { mustRun } from './processes.mjs';
import { say } from './report.mjs';

/** Two builds: what runs in Node 26 (0.5 s) and the window (2 s). Each is remade when its sources changed. */
export const BUILDS = {
  node: {
    sources: ['src', 'vite.node.config.ts', 'package.json', 'package-lock.json'],
    leaveOut: /^src\/(renderer|main|preload)\//,
    folders: ['node'],
    arguments: () => [
      tool('vite/bin/vite.js'),
      'build',
      '--config',
      'vite.node.config.ts',
      '--logLevel',
      'warn',
    ],
    label: 'engine, workers and command line',
  },
  window: {
    sources: ['src', 'electron.vite.config.ts', 'svelte.config.js', 'package.json', 'package-lock.json'],
    leaveOut: /^src\/(workers|learn|catalog|images|datasets|search|formats|cli)\//,
    folders: ['main', 'preload', 'renderer'],
    arguments: () => [tool('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
    label: 'window',
  },
};

const stampFile = (root, name) => path.join(root, 'out', `${name}.stamp.json`);

function digestOf(root, name) {
  const { sources, leaveOut } = BUILDS[name];
  return treeDigest(root, sources, (file) => !leaveOut.test(file) && !/\.test\.ts$/.test(file));
}

export function buildReady(name, root = ROOT) {
  const stamp = readJson(stampFile(root, name));
  if (!stamp || !BUILDS[name].folders.every((folder) => existsSync(path.join(root, 'out', folder))))
    return false;
  return stamp.digest === digestOf(root, name);
}

/** Builds into a temporary folder and swaps it in: an interrupted build leaves the one before. */
export async function build(name, { node, root = ROOT }) {
  const { folders, label } = BUILDS[name];
  const digest = digestOf(root, name);
  say(`Building the ${label}`);
  await fillFolder(path.join(root, 'out', `.built-${name}`), async (folder) => {
    await mustRun(`Building the ${label}`, node, BUILDS[name].arguments(), {
      cwd: root,
      env: { ...process.env, PLUMAGE_OUT: folder, NODE_ENV: 'production' },
    });
  });
  for (const folder of folders) swap(root, name, folder);
  writeJson(stampFile(root, name), { digest });
}

function swap(root, name, folder) {
  const target = path.join(root, 'out', folder);
  const fresh = path.join(root, 'out', `.built-${name}`, folder);
  // Renamed aside first: a folder in use is never half there. fillFolder removes what is left over.
  if (existsSync(target)) renameSync(target, path.join(root, 'out', `.work-old-${folder}-${process.pid}`));
  renameSync(fresh, target);
}
