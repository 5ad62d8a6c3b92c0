import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nodeBinary } from './node-binary.ts';
import { entryOf, programRoot, programVersion, resourcesPath } from './program.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-program-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

it('finds the program’s folder from wherever its code lies', () => {
  writeFileSync(path.join(folder, 'package.json'), '{}');
  mkdirSync(path.join(folder, 'out', 'node', 'chunks'), { recursive: true });
  expect(programRoot(path.join(folder, 'out', 'node', 'chunks', 'a.js'))).toBe(folder);
  expect(programVersion()).toMatch(/^\d+\.\d+\.\d+/);
  expect(resourcesPath({})).toBe(path.join(programRoot(), 'resources'));
  expect(resourcesPath({ PLUMAGE_RESOURCES: '/r' })).toBe('/r');
});

it('starts source from source, and a build from a build where there is one', () => {
  const built = path.join(folder, 'out', 'node', 'engine.js');
  const source = path.join(folder, 'src', 'engine', 'main.ts');
  expect(entryOf('engine', folder, false)).toBe(source);
  mkdirSync(path.dirname(built), { recursive: true });
  writeFileSync(built, '');
  expect(entryOf('engine', folder, false)).toBe(built);
  expect(entryOf('engine', folder, true)).toBe(source);
  expect(entryOf('workers/train', folder, true)).toBe(
    path.join(folder, 'src', 'workers', 'train', 'main.ts'),
  );
});

it('lets tests of the shell name another engine, but no other worker', () => {
  vi.stubEnv('PLUMAGE_ENGINE_ENTRY', '/e.ts');
  expect(entryOf('engine', folder, true)).toBe('/e.ts');
  expect(entryOf('workers/train', folder, true)).not.toBe('/e.ts');
});

it('runs the engine in the Node that is named, else in its own', () => {
  expect(nodeBinary({ PLUMAGE_NODE: '/n' })).toBe('/n');
  expect(nodeBinary({})).toBe(process.execPath);
});
