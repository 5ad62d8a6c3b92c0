import sharp from 'sharp';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hashBytes } from '#images/hash/hash-file.ts';
import { differenceHash } from '#images/hash/difference-hash.ts';
import { tinyPicture } from '#images/hash/tiny-picture.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import { openImage, toRgb } from '#images/decode/image-pipeline.ts';
import { writeThumbnail, withTinyPicture } from '#images/thumbnails/thumbnail-file.ts';
sharp.concurrency(1);
sharp.cache(false);
for (const s of ['photos', 'drawings']) {
  const files = readdirSync('/tmp/b10/' + s, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /png|jpg$/.test(e.name))
    .map((e) => join(e.parentPath, e.name))
    .slice(0, 150);
  const t: Record<string, number> = {};
  const cpu = () => {
    const u = process.cpuUsage();
    return (u.user + u.system) / 1000;
  };
  let at = cpu();
  const lap = (n: string) => {
    const x = cpu();
    t[n] = (t[n] ?? 0) + x - at;
    at = cpu();
  };
  const rs = new Resampler();
  for (let r = 0; r < 2; r++) {
    if (r == 1) for (const k in t) t[k] = 0;
    for (const f of files) {
      at = cpu();
      const b = readFileSync(f);
      lap('read');
      hashBytes(b);
      lap('sha file');
      const { pipeline } = openImage(b);
      const m = await pipeline.metadata();
      lap('metadata');
      const small = m.autoOrient.width <= 256;
      const p = small
        ? pipeline
        : pipeline.resize({ width: 256, height: 256, fit: 'inside', withoutEnlargement: true });
      const { data, info } = await toRgb(p).toBuffer({ resolveWithObject: true });
      lap('decode raw');
      const size = { width: info.width, height: info.height };
      const image = { data, ...size };
      const jpeg = await sharp(data, { raw: { ...size, channels: 3 } })
        .jpeg({ quality: 82 })
        .toBuffer();
      lap('jpeg');
      hashBytes(Buffer.concat([Buffer.from('256\n'), data]));
      lap('sha px');
      differenceHash(image);
      lap('dhash');
      const tp = tinyPicture(image, rs);
      lap('tiny');
      writeThumbnail('/tmp/b10/lib', hashBytes(b), withTinyPicture(jpeg, tp));
      lap('write+sha');
      at = cpu();
      await sharp(f, { autoOrient: true })
        .resize({ width: 256, height: 256, fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' })
        .jpeg({ quality: 82 })
        .toFile('/tmp/b10/x.jpg');
      lap('SHARP');
    }
  }
  for (const k in t) t[k] = +(t[k]! / files.length).toFixed(3);
  console.log(s, t);
}
