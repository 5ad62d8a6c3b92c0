import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { expect, it } from 'vitest';
import { smallOriginal } from './small-original.ts';
import { withTinyPicture } from './tiny-segment.ts';

const WIDTH = 50;
const HEIGHT = 40;
const DATA = Buffer.from(Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * 3 + (i >> 6) * 5) % 256));
const picture = (): Sharp => sharp(DATA, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
const TINY = new Uint8Array(768).fill(9);

const pixels = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes, { failOn: 'warning' }).raw().toBuffer();

function chunk(type: string, data: Buffer): Buffer {
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length);
  out.write(type, 4, 'latin1');
  out.set(data, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

const SECRET = Buffer.from('taken at home');
const within = (file: Buffer, at: number, piece: Buffer): Buffer =>
  Buffer.concat([file.subarray(0, at), piece, file.subarray(at)]);
const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker, 0, data.length + 2]), data]);

it('takes a plain PNG and JPEG as they are, pixel for pixel, with the tiny picture inside', async () => {
  const encoded = [
    picture().png(),
    picture().png({ progressive: true }),
    picture().greyscale().png(),
    picture().jpeg(),
    picture().jpeg({ progressive: true }),
    picture().greyscale().jpeg(),
  ];
  for (const source of encoded) {
    const file = await source.toBuffer();
    const small = smallOriginal(file);
    expect(small).not.toBeNull();
    expect(await pixels(withTinyPicture(small as Uint8Array, TINY))).toEqual(await pixels(file));
  }
});

it('leaves out texts, comments and what follows the end of a PNG', async () => {
  const png = await picture().png().toBuffer();
  const told = within(png, 33, Buffer.concat([chunk('tEXt', SECRET), chunk('gAMA', Buffer.alloc(4, 1))]));
  expect(smallOriginal(Buffer.concat([told, SECRET]))).toEqual(smallOriginal(png));
  const jpeg = await picture().jpeg().toBuffer();
  expect(smallOriginal(within(jpeg, 2, segment(0xfe, SECRET)))).toEqual(jpeg);
});

it('leaves to the encoder what a browser could show otherwise, or what is more than a picture', async () => {
  const png = await picture().png().toBuffer();
  const jpeg = await picture().jpeg().toBuffer();
  const refused = {
    'PNG with a profile': within(png, 33, chunk('iCCP', SECRET)),
    'PNG with EXIF': within(png, 33, chunk('eXIf', SECRET)),
    'PNG with a critical chunk of its own': within(png, 33, chunk('ABCD', SECRET)),
    'PNG cut off': png.subarray(0, png.length - 6),
    'JPEG with EXIF': await picture().jpeg().withMetadata({ orientation: 6 }).toBuffer(),
    'JPEG with a profile': await picture().jpeg().withIccProfile('p3').toBuffer(),
    'JPEG with a second picture behind it': Buffer.concat([jpeg, jpeg]),
    'JPEG without its end': jpeg.subarray(0, jpeg.length - 2),
    'JPEG cut off in its header': jpeg.subarray(0, 30),
    'a large file': within(png, 33, chunk('tEXt', Buffer.alloc(2 ** 15))),
  };
  for (const [name, file] of Object.entries(refused)) expect(smallOriginal(file), name).toBeNull();
});
