import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { chromiumFlags, findChromium } from './chromium.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-chromium-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the one on PATH is found, the one that the user names wins, a wrong name finds none', () => {
  assert.equal(findChromium({ PATH: folder }, 'linux'), undefined);
  const file = path.join(folder, 'chromium');
  writeFileSync(file, '');
  assert.equal(findChromium({ PATH: `/nowhere${path.delimiter}${folder}` }, 'linux'), file);
  assert.equal(findChromium({ PATH: folder, PLUMAGE_CHROMIUM: process.execPath }, 'linux'), process.execPath);
  assert.equal(findChromium({ PATH: folder, PLUMAGE_CHROMIUM: '/nowhere' }, 'linux'), undefined);
});

test('the sandbox is given up for root alone', () => {
  assert.ok(chromiumFlags(0).includes('--no-sandbox'));
  assert.ok(!chromiumFlags(1000).includes('--no-sandbox'));
});
