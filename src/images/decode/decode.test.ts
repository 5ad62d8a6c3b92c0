import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeBytes, decodeImage } from './decode-image.ts';
import { ImageProblem, toImageProblem } from './image-problem.ts';
import { locateFile } from './locate-file.ts';
import { sniffFormat } from './sniff-format.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-decode-'));
});
afterAll(() => rm(folder, { recursive: true }));

const WIDTH = 40;
const HEIGHT = 24;
/** Left half red-ish, right half blue-ish, smooth enough for lossy formats. */
function picture(channels: 3 | 4 = 3, alpha = 255) {
  const data = Buffer.alloc(WIDTH * HEIGHT * channels);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * channels;
      data[at] = x < WIDTH / 2 ? 200 : 40;
      data[at + 1] = 90;
      data[at + 2] = x < WIDTH / 2 ? 30 : 180;
      if (channels === 4) data[at + 3] = alpha;
    }
  }
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } });
}

function pixel(image: { data: Uint8Array; width: number }, x: number, y: number): number[] {
  return [...image.data.subarray((y * image.width + x) * 3, (y * image.width + x) * 3 + 3)];
}

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) =>
    expect(Math.abs((actual[i] as number) - value)).toBeLessThanOrEqual(tolerance),
  );
}

async function problemOf(promise: Promise<unknown>): Promise<ImageProblem> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ImageProblem);
  return error as ImageProblem;
}

describe('formats', () => {
  it.each([
    ['jpeg', (p: Sharp) => p.jpeg({ chromaSubsampling: '4:4:4', quality: 95 }), 6],
    ['png', (p: Sharp) => p.png(), 0],
    ['webp', (p: Sharp) => p.webp({ lossless: true }), 0],
    ['avif', (p: Sharp) => p.avif({ quality: 95, chromaSubsampling: '4:4:4' }), 8],
    ['tiff', (p: Sharp) => p.tiff({ compression: 'lzw' }), 0],
    ['gif', (p: Sharp) => p.gif(), 8],
  ] as const)('reads %s', async (format, encode, tolerance) => {
    const bytes = await encode(picture()).toBuffer();
    expect(sniffFormat(bytes)).toBe(format);
    const image = await decodeBytes(bytes);
    expect([image.width, image.height, image.data.length]).toEqual([WIDTH, HEIGHT, WIDTH * HEIGHT * 3]);
    expectNear(pixel(image, 5, 12), [200, 90, 30], tolerance);
    expectNear(pixel(image, 35, 12), [40, 90, 180], tolerance);
  });

  it('turns EXIF orientation upright', async () => {
    const image = await decodeBytes(await picture().withMetadata({ orientation: 6 }).png().toBuffer());
    expect([image.width, image.height]).toEqual([HEIGHT, WIDTH]);
    expect(pixel(image, 12, 5)).toEqual([200, 90, 30]);
  });

  it('reads CMYK, 16 bit and grey as 8-bit RGB', async () => {
    const cmyk = await decodeBytes(await picture().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer());
    expectNear(pixel(cmyk, 5, 12), [200, 90, 30], 40);
    const deep = await decodeBytes(await picture().toColourspace('rgb16').png().toBuffer());
    expectNear(pixel(deep, 5, 12), [200, 90, 30], 1);
    const grey = Buffer.alloc(100, 120);
    const one = await sharp(grey, { raw: { width: 10, height: 10, channels: 1 } })
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect(pixel(await decodeBytes(one), 3, 3)).toEqual([120, 120, 120]);
    const grey16 = await sharp(new Uint16Array(100).fill(120 * 257), {
      raw: { width: 10, height: 10, channels: 1 },
    })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await sharp(grey16).metadata()).depth).toBe('ushort');
    expectNear(pixel(await decodeBytes(grey16), 3, 3), [120, 120, 120], 1);
  });

  it('lays transparency on white', async () => {
    expect(pixel(await decodeBytes(await picture(4, 0).png().toBuffer()), 5, 5)).toEqual([255, 255, 255]);
    expectNear(pixel(await decodeBytes(await picture(4, 128).png().toBuffer()), 5, 5), [227, 172, 142], 2);
  });

  it('takes the first frame of an animation', async () => {
    const frames = Buffer.concat([Buffer.alloc(300, 10), Buffer.alloc(300, 250)]);
    const raw = { width: 10, height: 20, channels: 3, pageHeight: 10 } as const;
    for (const encoded of [sharp(frames, { raw }).gif(), sharp(frames, { raw }).webp({ lossless: true })]) {
      const image = await decodeBytes(await encoded.toBuffer());
      expect([image.width, image.height]).toEqual([10, 10]);
      expectNear(pixel(image, 5, 5), [10, 10, 10], 3);
    }
  });

  it('brings down the shorter side and never enlarges', async () => {
    const bytes = await picture().png().toBuffer();
    expect(await decodeBytes(bytes, { shorterSide: 12 })).toMatchObject({ width: 20, height: 12 });
    expect(await decodeBytes(bytes, { shorterSide: 500 })).toMatchObject({ width: 40, height: 24 });
  });
});

describe('bad files', () => {
  it('refuses truncated files of every format', async () => {
    const noise = Buffer.from(Array.from({ length: 90 * 80 * 3 }, (_, i) => (i * 7919) % 251));
    const source = () => sharp(noise, { raw: { width: 90, height: 80, channels: 3 } });
    for (const encoded of [
      source().jpeg(),
      source().png(),
      source().webp(),
      source().gif(),
      source().tiff(),
      source().avif(),
    ]) {
      const bytes = await encoded.toBuffer();
      const problem = await problemOf(decodeBytes(bytes.subarray(0, Math.floor(bytes.length * 0.6))));
      expect(['truncated', 'unreadable']).toContain(problem.code);
      expect(problem.message).toMatch(/ends too early|damaged/);
    }
  });

  it('tells what is no image from what it cannot read', async () => {
    expect((await problemOf(decodeBytes(new Uint8Array()))).code).toBe('empty-file');
    expect((await problemOf(decodeBytes(Buffer.from('Dear diary, this is text.')))).code).toBe(
      'not-an-image',
    );
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
    const problem = await problemOf(decodeBytes(Buffer.from(svg)));
    expect(problem.code).toBe('unsupported-format');
    expect(problem.message).toContain('SVG');
    expect((await problemOf(decodeBytes(Buffer.from('BM' + '\0'.repeat(80))))).code).toBe(
      'unsupported-format',
    );
  });

  it('refuses a decompression bomb by its header', async () => {
    const size = 17_000;
    const bomb = await sharp({
      create: { width: size, height: size, channels: 3, background: '#000' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    expect((await problemOf(decodeBytes(bomb))).code).toBe('too-many-pixels');
  }, 30_000);

  it('reads a file by what it is, not by its name, and names what is missing', async () => {
    await writeFile(join(folder, 'lies.jpg'), await picture().png().toBuffer());
    expect(pixel(await decodeImage(join(folder, 'lies.jpg')), 5, 5)).toEqual([200, 90, 30]);
    expect((await problemOf(decodeImage(join(folder, 'missing.jpg')))).code).toBe('unreadable');
  });

  it('tells failures of a file from failures of the machine', () => {
    const system = (code: string) => Object.assign(new Error(code), { code });
    expect(toImageProblem(system('EACCES')).code).toBe('no-permission');
    expect(toImageProblem(system('ENAMETOOLONG')).code).toBe('name-too-long');
    expect(toImageProblem(system('EIO'))).toMatchObject({ code: 'unreadable' });
    expect(toImageProblem(new Error('timeout: 12% complete')).code).toBe('too-slow');
    expect(() => toImageProblem(system('ENOSPC'))).toThrow('ENOSPC');
    expect(() => toImageProblem(new TypeError('bug'))).toThrow(TypeError);
  });

  it('finds a file whose name is spelled in another Unicode form', async () => {
    const onDisk = join(folder, 'e\u0301te\u0301-\u00fc.png');
    await writeFile(onDisk, await picture().png().toBuffer());
    expect(await locateFile(join(folder, '\u00e9t\u00e9-\u00fc.png'))).toBe(onDisk);
    expect(await locateFile(join(folder, 'n\u00f6.png'))).toBe(join(folder, 'n\u00f6.png'));
  });
});
