import assert from 'node:assert/strict';
import { test } from 'vitest';
import { installPackages, missingLibraries, packagesFor } from './system-packages.mjs';

const LDD = `	linux-vdso.so.1 (0x00007ffd)
	libgtk-3.so.0 => not found
	libnss3.so => not found
	libnssutil3.so => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)
	libfuture.so.9 => not found
`;

test('what the loader misses becomes package names, each once', () => {
  assert.deepEqual(missingLibraries(LDD), [
    'libgtk-3.so.0',
    'libnss3.so',
    'libnssutil3.so',
    'libfuture.so.9',
  ]);
  assert.deepEqual(packagesFor(missingLibraries(LDD)), ['libfuture.so.9', 'libgtk-3-0', 'libnss3']);
});

test('without the right to install: one exact command', async () => {
  assert.equal(await installPackages([], {}), undefined);
  const told = await installPackages(['xvfb'], { debian: true, root: false });
  assert.match(told, /Run: sudo apt-get install -y --no-install-recommends xvfb$/);
  assert.match(await installPackages(['xvfb'], { debian: false, root: true }), /package manager/);
});
