import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ContentStore } from './content-store.ts';

let library: string;
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'plumage-store-'));
});
afterEach(() => rmSync(library, { recursive: true, force: true }));

const full = () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));

describe('ContentStore', () => {
  test('names bytes by their SHA-256 and gives them back', async () => {
    const store = new ContentStore(library);
    const bytes = Buffer.from('feather');
    const hash = await store.put(bytes);
    expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(store.get(hash)).toBe(join(library, 'files', hash.slice(0, 2), hash));
    expect(readFileSync(store.get(hash))).toEqual(bytes);
    expect(await store.put([Buffer.from('fea'), Buffer.from('ther')])).toBe(hash);
    expect(readdirSync(join(library, 'files', 'tmp'))).toEqual([]);
  });

  test('takes a finished file in and removes its old name', async () => {
    const store = new ContentStore(library);
    const path = await store.temporaryPath();
    writeFileSync(path, 'vectors');
    const hash = await store.putFile(path);
    expect(readFileSync(store.get(hash), 'utf8')).toBe('vectors');
    expect(readdirSync(join(library, 'files', 'tmp'))).toEqual([]);
  });

  test('clears what a writer that died left, and nothing else', async () => {
    const store = new ContentStore(library);
    const hash = await store.put(Buffer.from('whole'));
    const left = await store.temporaryPath();
    writeFileSync(left, 'half');
    await store.clearTemporary();
    expect(existsSync(left)).toBe(false);
    expect(await store.verify(hash)).toBe(true);
    expect(await store.put(Buffer.from('more'))).toHaveLength(64);
  });

  test('tells a damaged file from a whole one', async () => {
    const store = new ContentStore(library);
    const hash = await store.put(Buffer.from('whole'));
    expect(await store.verify(hash)).toBe(true);
    writeFileSync(store.get(hash), 'hole');
    expect(await store.verify(hash)).toBe(false);
  });

  test('a full disk leaves no half file under the name and none beside it', async () => {
    for (const files of [
      { open, rename: full },
      { open: full, rename },
    ]) {
      const store = new ContentStore(library, files);
      await expect(store.put(Buffer.from('too much'))).rejects.toMatchObject({ code: 'no-space' });
      expect(store.has(createHash('sha256').update('too much').digest('hex'))).toBe(false);
      expect(readdirSync(join(library, 'files', 'tmp'))).toEqual([]);
    }
  });

  test.each(['../../etc/passwd', 'ABC', 'a'.repeat(63)])('refuses the name %s', (name) => {
    expect(() => new ContentStore(library).path(name)).toThrow(/no content hash/);
  });

  test('a missing file is a sentence', () => {
    expect(() => new ContentStore(library).get('a'.repeat(64))).toThrow(/missing/);
  });
});
