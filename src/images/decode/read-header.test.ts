import sharp, { type Sharp } from 'sharp';
import { expect, it } from 'vitest';
import { readHeader } from './read-header.ts';

const drawn = (channels: 3 | 4 = 3): Sharp =>
  sharp({ create: { width: 30, height: 20, channels, background: '#a33' } });

it('says what libvips says of ordinary JPEG and PNG files', async () => {
  const files = [
    drawn().jpeg(),
    drawn().jpeg({ progressive: true }),
    drawn().greyscale().jpeg(),
    ...[1, 3, 5, 6, 8].map((orientation) => drawn().withMetadata({ orientation }).jpeg()),
    drawn().png(),
    drawn(4).png(),
    drawn().withIccProfile('p3').png(),
  ];
  for (const file of files) {
    const bytes = await file.toBuffer();
    const { autoOrient, channels } = await sharp(bytes, { autoOrient: true }).metadata();
    expect(readHeader(bytes)).toEqual({ ...autoOrient, channels });
  }
});

it('leaves to libvips what is unusual', async () => {
  const files = [
    drawn().toColourspace('cmyk').jpeg(),
    drawn().png({ palette: true }),
    drawn().toColourspace('rgb16').png(),
    drawn().webp(),
  ];
  for (const file of files) expect(readHeader(await file.toBuffer())).toBeNull();
});

it('does not mind a file that is cut or damaged anywhere in its header', async () => {
  const whole = await drawn().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const header = whole.indexOf(Buffer.from([0xff, 0xc0])) + 10;
  for (let length = 0; length < header; length++) expect(readHeader(whole.subarray(0, length))).toBeNull();
  const picture = await drawn().png().toBuffer();
  for (let length = 0; length < 40; length++) expect(readHeader(picture.subarray(0, length))).toBeNull();
  for (let at = 0; at < 60; at++) {
    const damaged = Buffer.from(picture);
    damaged[at] = 0xff;
    expect(() => readHeader(damaged)).not.toThrow();
  }
});
