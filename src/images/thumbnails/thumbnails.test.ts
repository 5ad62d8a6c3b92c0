import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { confirmByThumbnail } from './confirm-near.ts';
import { inspectImage } from './inspect-image.ts';
import { hasThumbnail, readTinyPicture, thumbnailPath, writeThumbnail } from './thumbnail-file.ts';

let libraryPath: string;
beforeAll(async () => {
  libraryPath = await mkdtemp(join(tmpdir(), 'plumage-thumbs-'));
});
afterAll(() => rm(libraryPath, { recursive: true }));

const WIDTH = 600;
const HEIGHT = 450;
function drawing(phase = 0) {
  const data = Buffer.alloc(WIDTH * HEIGHT * 3);
  for (let at = 0; at < data.length; at++) {
    const x = Math.floor(at / 3) % WIDTH;
    const y = Math.floor(at / 3 / WIDTH);
    data[at] = 128 + 100 * Math.sin(x / 37 + phase) * Math.cos(y / 29 + (at % 3));
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
}

it('gives one pixel hash to a picture in several lossless containers, another to another picture', async () => {
  const copies = await Promise.all([
    inspectImage(await drawing().png().toBuffer()),
    inspectImage(await drawing().webp({ lossless: true }).toBuffer()),
    inspectImage(await drawing().tiff({ compression: 'lzw' }).toBuffer()),
  ]);
  expect(new Set(copies.map((copy) => copy.pixelHash)).size).toBe(1);
  expect(copies.map((copy) => copy.format)).toEqual(['png', 'webp', 'tiff']);
  expect(copies[0]).toMatchObject({ width: WIDTH, height: HEIGHT, channels: 3 });
  expect((await inspectImage(await drawing(1).png().toBuffer())).pixelHash).not.toBe(copies[0]?.pixelHash);
});

it('tells size and hash after EXIF rotation, and leaves small pictures their size', async () => {
  const turned = await inspectImage(await drawing().jpeg().withMetadata({ orientation: 6 }).toBuffer());
  expect(turned).toMatchObject({ width: HEIGHT, height: WIDTH });
  expect(await sharp(turned.thumbnail).metadata()).toMatchObject({ width: 192, height: 256, format: 'jpeg' });
  const small = await inspectImage(await drawing().resize(40, 30).ensureAlpha(0.5).png().toBuffer());
  expect(await sharp(small.thumbnail).metadata()).toMatchObject({ width: 40, height: 30, format: 'jpeg' });
});

it('gives the same hashes for a small picture whether it is its own thumbnail or not', async () => {
  const small = drawing().resize(90, 70);
  const own = await inspectImage(await small.clone().png().toBuffer());
  const made = await inspectImage(await small.clone().webp({ lossless: true }).toBuffer());
  const formats = [own, made].map(async ({ thumbnail }) => (await sharp(thumbnail).metadata()).format);
  expect(await Promise.all(formats)).toEqual(['png', 'jpeg']);
  expect([own.pixelHash, own.perceptualHash]).toEqual([made.pixelHash, made.perceptualHash]);
  const pixels = await sharp(own.thumbnail).raw().toBuffer();
  expect(pixels.equals(await small.clone().raw().toBuffer())).toBe(true);
});

it('writes whole thumbnails and reads the tiny picture back to confirm near copies', async () => {
  const sources = [
    drawing().png(),
    drawing().resize(300).jpeg({ quality: 70 }),
    drawing(2).png(),
    drawing().resize(120, 90).png(),
    drawing().resize(120, 90).jpeg({ quality: 80 }),
  ];
  const images = await Promise.all(sources.map(async (source) => inspectImage(await source.toBuffer())));
  const rows = images.map((_, i) => ({ contentHash: String(i).repeat(64) }));
  for (const [i, image] of images.entries()) {
    const { contentHash } = rows[i] as { contentHash: string };
    expect(await hasThumbnail(libraryPath, contentHash)).toBe(false);
    writeThumbnail(libraryPath, contentHash, image.thumbnail);
    expect(await hasThumbnail(libraryPath, contentHash)).toBe(true);
    expect(readTinyPicture(libraryPath, contentHash)).toHaveLength(768);
    const name = `${contentHash}.${i === 3 ? 'png' : 'jpg'}`;
    expect(await readdir(join(libraryPath, 'thumbs', contentHash.slice(0, 2)))).toEqual([name]);
  }
  const confirm = confirmByThumbnail(libraryPath, [...rows, { contentHash: 'f'.repeat(64) }]);
  expect([confirm(0, 1), confirm(0, 3), confirm(0, 4)]).toEqual([true, true, true]);
  expect([confirm(0, 2), confirm(1, 2), confirm(0, 5)]).toEqual([false, false, false]);
  expect(
    (
      await sharp(thumbnailPath(libraryPath, '0'.repeat(64)))
        .raw()
        .toBuffer()
    ).length,
  ).toBe(256 * 192 * 3);
});
