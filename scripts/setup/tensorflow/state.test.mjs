import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { writeJson } from '../files.mjs';
import { tensorflowReady } from './index.mjs';
import { provisionKey } from './provision.mjs';
import { chooseKind } from './release.mjs';

let cache;
beforeEach(() => (cache = mkdtempSync(path.join(tmpdir(), 'plumage-tensorflow-'))));
afterEach(() => rmSync(cache, { recursive: true, force: true }));

const at = (...parts) => path.join(cache, 'tensorflow', ...parts);
const HOUR = 60 * 60 * 1000;

test('ready is what was provisioned for exactly these inputs and is still there', async () => {
  assert.equal(await tensorflowReady({ cache }), false, 'nothing yet');
  const key = provisionKey(chooseKind());
  writeJson(at('current.json'), { path: at(key), version: '2.21.0', kind: 'cpu', key });
  assert.equal(await tensorflowReady({ cache }), false, 'the folder is gone');
  mkdirSync(at(key));
  assert.equal(await tensorflowReady({ cache }), false, 'the folder is not complete');
  writeJson(at(key, 'provision.json'), { key });
  assert.equal(await tensorflowReady({ cache }), true);
  writeJson(at('current.json'), { path: at(key), version: '2.21.0', kind: 'cpu', key: 'of other patches' });
  assert.equal(await tensorflowReady({ cache }), false, 'other inputs');
});

test('a failure holds for an hour, or until somebody asks again', async () => {
  const now = Date.now();
  writeJson(at('current.json'), { unavailable: 'The network is gone.' });
  writeJson(at('tensorflow-unavailable.json'), { reason: 'failed', at: now });
  assert.equal(await tensorflowReady({ cache, now: now + HOUR / 2 }), true);
  assert.equal(await tensorflowReady({ cache, now: now + HOUR * 2 }), false);
  assert.equal(await tensorflowReady({ cache, now, retry: true }), false);
});

test('missing tools are looked for again; another platform is not', async () => {
  writeJson(at('current.json'), { unavailable: 'Something is missing.' });
  writeJson(at('tensorflow-unavailable.json'), {
    reason: 'tools',
    missing: ['a program that nobody has'],
    at: 0,
  });
  assert.equal(await tensorflowReady({ cache }), false);
  writeJson(at('tensorflow-unavailable.json'), { reason: 'platform', at: 0 });
  assert.equal(await tensorflowReady({ cache }), true);
});

test('the key changes with the kind', () => {
  assert.notEqual(provisionKey('cpu'), provisionKey('gpu'));
  assert.equal(provisionKey('cpu'), provisionKey('cpu'));
});
