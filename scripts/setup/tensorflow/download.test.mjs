import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'vitest';
import { wheelBytes } from './download.mjs';

test("a wheel that pip copies out of its temporary folder counts once, and pip's own files not at all", () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'plumage-wheels-'));
  try {
    mkdirSync(path.join(folder, 'tmp', 'pip-unpack-1'), { recursive: true });
    mkdirSync(path.join(folder, 'wheels'));
    writeFileSync(path.join(folder, 'tmp', 'pip-unpack-1', 'a.whl'), Buffer.alloc(100));
    writeFileSync(path.join(folder, 'tmp', 'response'), Buffer.alloc(1000));
    writeFileSync(path.join(folder, 'wheels', 'a.whl'), Buffer.alloc(60));
    writeFileSync(path.join(folder, 'wheels', 'b.whl'), Buffer.alloc(7));
    assert.equal(wheelBytes(folder), 107);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
