import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';
import { decodeImage } from '../decode/decode-image.ts';
import type { CacheItem } from './build-cache.ts';
import { openPixelCache } from './pixel-cache.ts';

let libraryPath: string;
let shards: string;
beforeEach(async () => {
  libraryPath = await mkdtemp(join(tmpdir(), 'plumage-pixels-'));
  shards = join(libraryPath, 'pixels', 's32');
});
afterEach(() => rm(libraryPath, { recursive: true }));

async function makeItems(count: number, from = 0): Promise<CacheItem[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const n = from + i;
      const width = 20 + n * 7;
      const path = join(libraryPath, `${String(n)}.png`);
      const data = Buffer.from(Array.from({ length: width * 40 * 3 }, (_, at) => (at * 31 + n * 17) % 256));
      const bytes = await sharp(data, { raw: { width, height: 40, channels: 3 } })
        .png()
        .toBuffer();
      await writeFile(path, bytes);
      return { imageId: n + 1, path, contentHash: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
}

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

describe('openPixelCache', () => {
  it('gives the pixels that decoding gives, by both ways of reading', async () => {
    const items = await makeItems(5);
    const seen: number[] = [];
    const cache = await openPixelCache({
      libraryPath,
      shorterSide: 32,
      items,
      onProgress: (done) => seen.push(done),
    });
    expect(cache.count).toBe(5);
    expect(seen.at(-1)).toBe(5);
    const buffer = new Uint8Array(cache.maxBytes);
    for (const [i, item] of items.entries()) {
      const expected = await decodeImage(item.path, { shorterSide: 32 });
      expect(cache.sizeOf(i)).toEqual({ width: expected.width, height: expected.height });
      buffer.fill(0);
      const bytes = await cache.readInto(i, buffer);
      expect(Buffer.compare(buffer.subarray(0, bytes), expected.data)).toBe(0);
      buffer.fill(0);
      expect(cache.readIntoSync(i, buffer)).toBe(bytes);
      expect(Buffer.compare(buffer.subarray(0, bytes), expected.data)).toBe(0);
    }
    cache.close();
  });

  it('decodes nothing twice and adds what is new', async () => {
    const first = await makeItems(3);
    (await openPixelCache({ libraryPath, shorterSide: 32, items: first })).close();
    const before = await readdir(shards);
    const second = await makeItems(2, 3);
    const totals: number[] = [];
    const items = [...second, ...first, ...second];
    const onProgress = (_: number, total: number) => totals.push(total);
    const cache = await openPixelCache({ libraryPath, shorterSide: 32, items, onProgress });
    expect(new Set(totals)).toEqual(new Set([2]));
    expect(cache.count).toBe(7);
    expect(cache.sizeOf(0)).toEqual(cache.sizeOf(5));
    expect(await readdir(shards)).toEqual(expect.arrayContaining(before));
    cache.close();
  });

  it('takes no other picture for the one that was imported', async () => {
    const [first, second] = (await makeItems(2)) as [CacheItem, CacheItem];
    const original = await readFile(first.path);
    await copyFile(second.path, first.path);
    const open = () => openPixelCache({ libraryPath, shorterSide: 32, items: [first] });
    expect(await failureOf(open())).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/has changed since it was imported.*import the folder again/),
    });
    await writeFile(first.path, original);
    const cache = await open();
    expect(cache.count).toBe(1);
    cache.close();
  });

  it('names files that can no longer be read and keeps the others', async () => {
    const items = await makeItems(3);
    await rm((items[1] as CacheItem).path);
    const error = await failureOf(openPixelCache({ libraryPath, shorterSide: 32, items }));
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).code).toBe('not-found');
    expect((error as UserError).message).toContain('1 of 3 images');
    await makeItems(3);
    const totals: number[] = [];
    const onProgress = (_: number, total: number) => totals.push(total);
    (await openPixelCache({ libraryPath, shorterSide: 32, items, onProgress })).close();
    expect(totals).toEqual([1]);
  });

  it('stops when asked and keeps what is complete', async () => {
    const items = await makeItems(8);
    const abort = new AbortController();
    const onProgress = (done: number) => {
      if (done === 3) abort.abort(new Cancelled());
    };
    const options = { libraryPath, shorterSide: 32, items };
    expect(await failureOf(openPixelCache({ ...options, onProgress, signal: abort.signal }))).toBeInstanceOf(
      Cancelled,
    );
    const totals: number[] = [];
    (await openPixelCache({ ...options, onProgress: (_, total) => totals.push(total) })).close();
    expect(totals[0]).toBeLessThanOrEqual(5);
    expect((await readdir(shards)).every((name) => name.endsWith('.pixels'))).toBe(true);
  });

  it('drops shards that are cut off and what a dead process left', async () => {
    const items = await makeItems(2);
    (await openPixelCache({ libraryPath, shorterSide: 32, items })).close();
    const shard = join(shards, (await readdir(shards))[0] as string);
    await truncate(shard, 500);
    await writeFile(join(shards, '999999999-abcdef.part'), 'x');
    const cache = await openPixelCache({ libraryPath, shorterSide: 32, items });
    expect(cache.readIntoSync(0, new Uint8Array(cache.maxBytes))).toBeGreaterThan(0);
    expect(await readdir(shards)).toHaveLength(1);
    cache.close();
  });

  it('finds pixels that changed on disk and makes them anew at the next start', async () => {
    const items = await makeItems(2);
    (await openPixelCache({ libraryPath, shorterSide: 32, items })).close();
    const shard = join(shards, (await readdir(shards))[0] as string);
    const bytes = await readFile(shard);
    bytes[100] = (bytes[100] as number) ^ 1;
    await writeFile(shard, bytes);
    const cache = await openPixelCache({ libraryPath, shorterSide: 32, items });
    const buffer = new Uint8Array(cache.maxBytes);
    const errors = await Promise.all([0, 1].map((i) => failureOf(cache.readInto(i, buffer.slice()))));
    expect(errors.filter((error) => error instanceof UserError)).toHaveLength(1);
    cache.close();
    const again = await openPixelCache({ libraryPath, shorterSide: 32, items });
    expect(again.readIntoSync(0, buffer)).toBeGreaterThan(0);
    again.close();
  });
});
