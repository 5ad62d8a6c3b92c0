import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PictureProcess } from './picture-process.ts';

let rootPath: string;
beforeAll(async () => {
  rootPath = mkdtempSync(join(tmpdir(), 'plumage-pictures-'));
  const plain = { create: { width: 90, height: 60, channels: 3 as const, background: 'red' } };
  await sharp(plain).png().toFile(join(rootPath, 'a.png'));
});
afterAll(() => rmSync(rootPath, { recursive: true }));

test('a picture is resized in a process of its own; a missing one is a sentence', async () => {
  const pictures = new PictureProcess();
  const jpeg = await pictures.resize({ rootPath, path: 'a.png', width: 64 });
  expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 64 });
  await expect(pictures.resize({ rootPath, path: 'none.png', width: 64 })).rejects.toMatchObject({
    code: 'not-found',
  });
  await expect(pictures.resize({ rootPath, path: '../a.png', width: 64 })).rejects.toMatchObject({
    code: 'not-found',
  });
  pictures.close();
});

test('who asks while the process before is ending gets a new one', async () => {
  const pictures = new PictureProcess(undefined, 0);
  for (let turn = 0; turn < 4; turn++) {
    const jpeg = await pictures.resize({ rootPath, path: 'a.png', width: 64 });
    expect(jpeg.byteLength).toBeGreaterThan(100);
    pictures.close();
  }
});
