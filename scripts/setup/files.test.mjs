import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { fileDigest, textDigest, treeDigest, verifyDigest } from './digest.mjs';
import { fillFolder, readJson, writeJson } from './files.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder } from './places.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-setup-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts) => path.join(folder, ...parts);

test('a filled folder appears whole', async () => {
  await fillFolder(at('x', 'made'), async (fresh) => {
    writeFileSync(path.join(fresh, 'a'), '1');
    assert.equal(existsSync(at('x', 'made')), false);
  });
  assert.deepEqual(readdirSync(at('x')), ['made']);
  assert.equal(readFileSync(at('x', 'made', 'a'), 'utf8'), '1');
});

test('a failure leaves what was there before and nothing half', async () => {
  await fillFolder(at('made'), async (fresh) => writeFileSync(path.join(fresh, 'a'), 'old'));
  const failing = fillFolder(at('made'), async (fresh) => {
    writeFileSync(path.join(fresh, 'a'), 'new');
    throw new Error('the network is gone');
  });
  await assert.rejects(failing, /network/);
  assert.deepEqual(readdirSync(folder), ['made']);
  assert.equal(readFileSync(at('made', 'a'), 'utf8'), 'old');
});

test('what an interrupted set-up left is removed by the next', async () => {
  mkdirSync(at('.work-abc', 'fresh'), { recursive: true });
  writeFileSync(at('.work-abc', 'fresh', 'half'), '');
  await fillFolder(at('made'), async () => {});
  assert.deepEqual(readdirSync(folder), ['made']);
});

test('JSON that is cut off reads as absent', () => {
  writeJson(at('deep', 'a.json'), { b: 1 });
  assert.deepEqual(readJson(at('deep', 'a.json')), { b: 1 });
  writeFileSync(at('deep', 'a.json'), '{"b":');
  assert.equal(readJson(at('deep', 'a.json')), undefined);
});

test('a file with another checksum is refused and both are named', async () => {
  writeFileSync(at('wheel'), 'content');
  const right = await fileDigest(at('wheel'));
  await verifyDigest(at('wheel'), right);
  writeFileSync(at('wheel'), 'contenT');
  await assert.rejects(verifyDigest(at('wheel'), right), new RegExp(`expected ${right}.*not used`));
});

test('the digest of a tree tells content, names and what is kept', () => {
  mkdirSync(at('src', 'a'), { recursive: true });
  writeFileSync(at('src', 'a', 'one.ts'), '1');
  const first = treeDigest(folder, ['src', 'missing']);
  assert.equal(treeDigest(folder, ['missing', 'src']), first);
  writeFileSync(at('src', 'a', 'one.test.ts'), '2');
  assert.equal(
    treeDigest(folder, ['src'], (name) => !name.endsWith('.test.ts')),
    first,
  );
  assert.notEqual(treeDigest(folder, ['src']), first);
  assert.notEqual(textDigest('ab', 'c'), textDigest('a', 'bc'));
});

test('one set-up at a time, and a lock of a dead process is taken over', async () => {
  const order = [];
  let release;
  const held = new Promise((resolve) => (release = resolve));
  const first = withLock(folder, async () => {
    order.push('first in');
    await held;
    order.push('first out');
  });
  const second = withLock(folder, async () => order.push('second'), { pollMs: 5 });
  release();
  await Promise.all([first, second]);
  assert.deepEqual(order, ['first in', 'first out', 'second']);
  writeFileSync(at('setup.lock'), 'not even JSON');
  assert.equal(await withLock(folder, async () => 'taken over'), 'taken over');
  assert.equal(existsSync(at('setup.lock')), false);
});

test('the cache is where the user says', () => {
  assert.equal(cacheFolder({ PLUMAGE_CACHE: '/a/b' }), '/a/b');
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/x' }), path.join('/x', 'plumage'));
  assert.ok(cacheFolder({}).endsWith(path.join('.cache', 'plumage')));
});
