import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readMembers } from '#catalog/part-reader.ts';
import { insertSynthetic } from '#catalog/synthetic.ts';
import { SplitRepository } from '#catalog/repositories/splits.ts';
import { temporaryCatalog } from '#catalog/temporary-catalog.ts';
import type { EmbedResult, EmbedTask, EvaluateResult, QueryResultMessage } from '#shared/worker/embed.ts';
import { runWorker } from '../host/testing/run-worker.ts';
import { readEmbedding } from './read-embedding.ts';

const CLASSES = 4;
/** Three batches in all, the last one not full. */
const PER_CLASS = 35;
const library = temporaryCatalog();
const pictures = join(library.path, 'pictures');
let task: EmbedTask;
let paths: string[] = [];

/** A flat colour a class with a stripe of its own in every image; the last one is a wide picture. */
async function draw(path: string, index: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const width = index === CLASSES * PER_CLASS - 1 ? 90 : 48;
  const hue = Math.floor(index / PER_CLASS) * 60;
  const stripe = await sharp({
    create: { width: 6 + (index % PER_CLASS), height: 4, channels: 3, background: 'white' },
  })
    .png()
    .toBuffer();
  await sharp({ create: { width, height: 48, channels: 3, background: { r: hue, g: 255 - hue, b: 90 } } })
    .composite([{ input: stripe, left: 8, top: 8 + (index % 30) }])
    .png()
    .toFile(path);
}

beforeAll(async () => {
  const { catalog } = library;
  const images = CLASSES * PER_CLASS;
  const dataset = insertSynthetic(catalog, { name: 'stripes', rootPath: pictures, images, classes: CLASSES });
  const rows = catalog
    .sql<{ id: number; class_id: number; path: string }>(`SELECT id, class_id, path FROM images ORDER BY id`)
    .all();
  paths = rows.map(({ path }) => join(pictures, path));
  await Promise.all(paths.map(draw));
  const setHash = catalog.sql(`UPDATE images SET content_hash = ? WHERE id = ?`);
  for (const [i, { id }] of rows.entries())
    setHash.run(createHash('sha256').update(readFileSync(paths[i]!)).digest(), id);
  const split = new SplitRepository(catalog).insert({
    dataset: dataset.key,
    datasetRevision: 1,
    name: 'all test',
    kind: 'class-disjoint',
    seed: 1,
    hash: 'a'.repeat(64),
    settings: {},
    parts: [
      {
        part: 'test',
        imageIds: Int32Array.from(rows, ({ id }) => id),
        classIds: Int32Array.from(rows, ({ class_id }) => class_id),
      },
    ],
    leaks: [],
    leakCounts: [],
    at: 1,
  });
  const model = { kind: 'backbone', backbone: 'mobilenet-v2-0.35', size: 32 } as const;
  task = { model, splitId: split.id, part: 'test', closedSet: false, backend: 'auto' };
});
afterAll(() => library[Symbol.dispose]());

test('a part is embedded in its order, scored, and searched with a picture from disk', async () => {
  const embedded = await runWorker('embed', 'embed', task, library.path);
  expect(embedded.failure).toBeNull();
  const { file, rows, dim } = embedded.result as EmbedResult;
  expect({ rows, dim }).toEqual({ rows: 140, dim: 1280 });
  const { table, imageIds, labels } = await readEmbedding(library.catalog.files.get(file));
  const members = readMembers(library.catalog, task.splitId, 'test');
  expect(imageIds).toEqual(members.imageIds);
  expect(labels).toEqual(members.labels);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let at = row * dim; at < (row + 1) * dim; at++) square += table.data[at]! ** 2;
    expect(square).toBeCloseTo(1, 4);
  }
  const again = await runWorker('embed', 'embed', task, library.path);
  expect((again.result as EmbedResult).file).toBe(file);

  const evaluated = await runWorker(
    'embed',
    'evaluate',
    {
      input: { kind: 'embedding', file },
      protocol: {
        splitHash: 'a',
        part: 'test',
        size: 32,
        crop: 'resize 32, centre crop 32',
        duplicatePolicy: 'kept',
        checkpointRule: 'none',
        bootstrapSeed: 0,
        bootstrapSamples: 100,
      },
      gallery: { kind: 'rest' },
      recallAt: [1, 2],
      thresholdsFrom: null,
      keep: 5,
      baseline: null,
      backend: 'auto',
    },
    library.path,
  );
  const { scores, queries } = evaluated.result as EvaluateResult;
  expect(queries).toBe(140);
  // Colours tell the classes apart even to a network of photographs.
  expect(scores['recall@1']!.value).toBeGreaterThan(0.7);

  for (const row of [0, 70, 139]) {
    const query = {
      model: task.model,
      imagePath: paths[row]!,
      embedding: file,
      k: 3,
      backend: 'auto',
    } as const;
    const { neighbors } = (await runWorker('embed', 'query', query, library.path))
      .result as QueryResultMessage;
    expect(neighbors).toHaveLength(3);
    expect(neighbors[0]!.imageId).toBe(imageIds[row]);
    expect(neighbors[0]!.distance).toBeLessThan(1e-3);
  }
}, 60_000);

test('what cannot be embedded is refused with a sentence', async () => {
  const failure = async (changes: Partial<EmbedTask>) =>
    (await runWorker('embed', 'embed', { ...task, ...changes }, library.path)).failure;
  expect((await failure({ part: 'validation' }))?.message).toContain('no validation images');
  expect(await failure({ splitId: 'split_none1234' })).toMatchObject({ code: 'not-found' });
  const query = {
    model: task.model,
    imagePath: join(library.path, 'none.png'),
    embedding: 'a'.repeat(64),
    k: 3,
    backend: 'auto',
  } as const;
  expect((await runWorker('embed', 'query', query, library.path)).failure).toMatchObject({
    code: 'bad-input',
  });
  await rm(paths[1]!);
  await rm(join(library.path, 'pixels'), { recursive: true, force: true });
  await mkdir(join(library.path, 'pixels'));
  expect(await failure({})).toMatchObject({ code: 'not-found' });
}, 60_000);
