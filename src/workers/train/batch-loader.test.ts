import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSampler } from '#learn/samplers/create-sampler.ts';
import type { CacheItem } from '#images/pixel-cache/build-cache.ts';
import { openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { BatchLoader } from './batch-loader.ts';

const CLASSES = 6;
const IMAGES = 4;
const SIZE = 8;

let folder = '';
let items: CacheItem[] = [];
const labels = Int32Array.from({ length: CLASSES * IMAGES }, (_, i) => Math.floor(i / IMAGES));
/** Every class's next two, going round. */
const nearest = Int32Array.from({ length: CLASSES * 2 }, (_, i) => ((i >> 1) + 1 + (i % 2)) % CLASSES);
const other = nearest.map((label) => (label + 2) % CLASSES);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-loader-'));
  items = await Promise.all(
    [...labels].map(async (_, i): Promise<CacheItem> => {
      const pixels = Uint8Array.from({ length: 12 * 12 * 3 }, (_, at) => (at * (i + 3)) % 251);
      const bytes = await sharp(pixels, { raw: { width: 12, height: 12, channels: 3 } })
        .png()
        .toBuffer();
      const path = join(folder, `${String(i)}.png`);
      await writeFile(path, bytes);
      return { imageId: i + 1, path, contentHash: createHash('sha256').update(bytes).digest('hex') };
    }),
  );
  (await openPixelCache({ libraryPath: folder, shorterSide: 12, items })).close();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Options = ConstructorParameters<typeof BatchLoader>[0];
const settings = { sampler: 'neighborhood', imagesPerClass: 2, batch: 8 } as const;

function open(more: Partial<Options> = {}): BatchLoader {
  const base = {
    libraryPath: folder,
    shorterSide: 12,
    items,
    labels,
    size: SIZE,
    seed: 7,
    cropScaleMin: 0.3,
  };
  return new BatchLoader({ ...base, ...settings, flip: true, firstStep: 0, endStep: 9, ...more }, () => 0);
}

/** Labels and pixels of the steps from `first` to the end. */
async function read(loader: BatchLoader, first = 0, end = 9): Promise<string[]> {
  const stepsPerEpoch = 3;
  const seen: string[] = [];
  for (let step = first; step < end; step++) {
    const epoch = Math.floor(step / stepsPerEpoch);
    if (step === first || step % stepsPerEpoch === 0)
      loader.beginEpoch(epoch, [null, nearest, other][epoch] ?? null);
    const batch = await loader.next();
    seen.push(`${batch.labels.join()} ${createHash('sha1').update(batch.images).digest('hex')}`);
    loader.release();
  }
  await loader.close();
  return seen;
}

const labelsIn = (batches: readonly string[]): string[] => batches.map((batch) => batch.split(' ')[0]!);

describe('a loader whose batches depend on the nearest classes', () => {
  it('gives each epoch the batches of what it was handed over, with copies of an image cut anew', async () => {
    const seen = await read(open());
    const sampler = createSampler(settings, labels, 7);
    const want = Array.from({ length: 9 }, (_, step) => {
      sampler.beginEpoch(sampler.epochOf(step), [null, nearest, other][sampler.epochOf(step)] ?? null);
      return Array.from(sampler.samplesOf(step), (sample) => labels[sample]).join();
    });
    expect(labelsIn(seen)).toEqual(want);
    expect(new Set(seen).size).toBe(9);
  });

  it.each([1, 3, 5, 8])('goes on from step %i as if it had never stopped', async (first) => {
    const whole = await read(open());
    expect(await read(open({ firstStep: first }), first)).toEqual(whole.slice(first));
  });

  it('refuses a batch of an epoch that nobody began, instead of waiting for ever', async () => {
    const loader = open();
    expect(loader.usesNearestClasses).toBe(true);
    await expect(loader.next()).rejects.toThrow('beginEpoch(0');
    loader.beginEpoch(0, null);
    for (let step = 0; step < 3; step++) {
      await loader.next();
      loader.release();
    }
    await expect(loader.next()).rejects.toThrow('beginEpoch(1');
    await loader.close();
  });

  it('closes while its thread waits for an epoch', async () => {
    await expect(open().close()).resolves.toBeUndefined();
  });

  it('passes on what ended its thread', async () => {
    const lost = items.map((item) => ({
      ...item,
      contentHash: '0'.repeat(64),
      path: join(folder, 'lost.png'),
    }));
    const loader = open({ items: lost });
    loader.beginEpoch(0, nearest);
    await expect(loader.next()).rejects.toThrow(/./);
    await loader.close();
  });
});

describe.each(['shuffled', 'per-class', 'class-balanced'] as const)('sampler %s', (sampler) => {
  it('never waits for an epoch to begin', async () => {
    const loader = open({ sampler });
    expect(loader.usesNearestClasses).toBe(false);
    const seen: string[] = [];
    for (let step = 0; step < 9; step++) {
      const batch = await loader.next();
      seen.push(batch.labels.join());
      loader.release();
    }
    await loader.close();
    expect(labelsIn(await read(open({ sampler })))).toEqual(seen);
  });
});

it('a small class fills a batch with copies, each with a window of its own', async () => {
  const few = [0, 4];
  const loader = open({
    items: few.map((i) => items[i]!),
    labels: Int32Array.of(0, 1),
    sampler: 'per-class',
    imagesPerClass: 4,
  });
  const { images, labels: got } = await loader.next();
  expect([...got].sort()).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  const values = SIZE * SIZE * 3;
  const views = Array.from({ length: 8 }, (_, i) => images.slice(i * values, (i + 1) * values).join());
  expect(new Set(views).size).toBe(8);
  await loader.close();
});
