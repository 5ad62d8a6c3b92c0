import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { archiveCounter, archivesFor, dependenciesReady, installedMatches } from './dependencies.mjs';
import { NODE_PACKAGES, node26 } from './node26.mjs';

const packages = {
  '': { name: 'x' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/windows-only': { version: '1.0.0', integrity: 'sha512-w', optional: true },
};
const installed = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

test("npm's record is compared with the lock file; other platforms' packages may be missing", () => {
  assert.equal(installedMatches({ packages }, { packages: installed }), true);
  assert.equal(installedMatches({ packages }, { packages: {} }), false);
  const newer = { ...packages, 'node_modules/a': { version: '1.1.0', integrity: 'sha512-b' } };
  assert.equal(installedMatches({ packages: newer }, { packages: installed }), false);
  assert.equal(installedMatches({ packages }, undefined), false);
});

let root;
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'plumage-root-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (name, value) => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), JSON.stringify(value));
};

test('an install is done again when node_modules is gone or the lock file changed', () => {
  write('package-lock.json', { packages });
  assert.equal(dependenciesReady(root), false);
  write('node_modules/.package-lock.json', { packages: installed });
  assert.equal(dependenciesReady(root), true);
  rmSync(path.join(root, 'node_modules', '.package-lock.json'));
  assert.equal(dependenciesReady(root), true, 'by the stamp');
  write('package-lock.json', { packages: { ...packages, 'node_modules/b': { version: '2.0.0' } } });
  assert.equal(dependenciesReady(root), false);
});

test('a platform without Node 26, or without its package, is a sentence', () => {
  assert.throws(() => node26(root, 'sunos-x64'), /linux-x64.*this is sunos-x64/);
  for (const platform of Object.keys(NODE_PACKAGES)) {
    assert.throws(() => node26(root, platform), /is not installed .*npm install --include=optional/);
  }
});

test('archives are counted once, and answers that describe packages not at all', () => {
  const counted = archiveCounter();
  const log = 'npm http fetch GET 200 https://packages.example';
  assert.equal(counted(`${log}/a 12ms (cache miss)`), 0);
  assert.equal(counted(`${log}/a/-/a-1.0.0.tgz 12ms (cache miss)`), 1);
  assert.equal(counted(`${log}/a/-/a-1.0.0.tgz 12ms (cache miss)`), 1);
  assert.equal(counted(`${log}/@b/c/-/c-1.0.0.tgz attempt #2 12ms (cache miss)`), 2);
});

test("another platform's packages and copies of the same archive are not counted on", () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { resolved: 'a.tgz' },
      'node_modules/b/node_modules/a': { resolved: 'a.tgz' },
      'node_modules/linux': { resolved: 'linux.tgz', os: ['linux'], cpu: ['x64'] },
      'node_modules/windows': { resolved: 'windows.tgz', os: ['win32'] },
      'node_modules/unix': { resolved: 'unix.tgz', os: ['!win32'] },
    },
  };
  assert.equal(archivesFor(lock, { platform: 'linux', arch: 'x64' }), 3);
  assert.equal(archivesFor(lock, { platform: 'win32', arch: 'x64' }), 2);
});
