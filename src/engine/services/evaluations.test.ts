import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Evaluation } from '#shared/domain/evaluation.ts';
import { publishedFor } from '#shared/domain/published-rows.ts';
import type { Scoring } from './evaluate-protocol.ts';
import { REQUEST } from './testing/prepared-library.ts';
import { TemporaryLibrary } from './testing/temporary-library.ts';

/** A library with 8 classes of 6 images in three parts. The fake worker makes six queries of every evaluation. */
async function prepared(): Promise<TemporaryLibrary> {
  const library = new TemporaryLibrary();
  library.fill(8, 6);
  await library.import();
  await library.services.splits.create({
    dataset: 'Birds',
    name: 'half',
    kind: 'class-disjoint',
    testShare: 0.5,
    validationShare: 0.25,
    seed: 1,
    dropLeaks: false,
  });
  return library;
}

async function zeroShot(library: TemporaryLibrary, scoring: Scoring = {}, size = 128): Promise<Evaluation> {
  const { jobId } = library.services.evaluations.start({
    kind: 'zero-shot',
    backbone: 'mobilenet-v2-0.35',
    size,
    dataset: 'Birds',
    split: 'half',
    part: 'test',
    backend: 'auto',
    ...scoring,
  });
  const job = await library.ended(jobId);
  expect(job.error).toBeNull();
  return job.result as Evaluation;
}

test('classes of an evaluation are told worst first, and written as CSV with the queries', async () => {
  await using library = await prepared();
  const { evaluations, exports } = library.services;
  const { id } = await zeroShot(library);
  const { total, rows } = await evaluations.classes(id, { offset: 0, limit: 10 });
  // All six queries are the first class's; every third one fails.
  expect(total).toBe(1);
  expect(rows[0]).toMatchObject({ queries: 6, hits: 4, recallAt1: 4 / 6, rPrecision: 0.25 });
  expect(rows[0]!.reciprocalRank).toBeCloseTo((4 + 2 / 4) / 6);
  expect(rows[0]!.confusedWith).toMatchObject({ queries: 2 });
  const { rows: failures } = await evaluations.failures(id, { onlyMisses: true, offset: 0, limit: 10 });
  expect(failures.map(({ rank, rPrecision }) => [rank, rPrecision])).toEqual([
    [4, 0.25],
    [4, 0.25],
  ]);
  for (const what of ['classes', 'queries'] as const) {
    const out = join(library.root, `${what}.csv`);
    await library.ended(exports.start({ what, source: id, format: 'csv', out, overwrite: false }).jobId);
    const lines = readFileSync(out, 'utf8').trim().split(/\r?\n/);
    expect(lines).toHaveLength(what === 'classes' ? 2 : 7);
    expect(lines[0]).toMatch(what === 'classes' ? /^classId,class,queries,hits/ : /^imageId,path,class,rank/);
  }
});

test('another gallery or other ranks are another evaluation; the same again is the same', async () => {
  await using library = await prepared();
  const first = await zeroShot(library);
  expect(first.protocol.gallery).toBe('all other images of the part');
  expect(Object.keys(first.scores)).toEqual(['recall@1', 'recall@2', 'recall@4', 'recall@8']);
  expect((await zeroShot(library)).id).toBe(first.id);
  const ranks = await zeroShot(library, { recallAt: [100, 10] });
  expect(ranks.id).not.toBe(first.id);
  expect(Object.keys(ranks.scores)).toEqual(['recall@1', 'recall@10', 'recall@100']);
  expect(ranks.protocol.hash).toBe(first.protocol.hash);
  const drawn = await zeroShot(library, { gallery: { kind: 'per-class', images: 2, seed: 3 } });
  expect(drawn.protocol).toMatchObject({ gallery: '2 images of each class, drawn with seed 3' });
  const other = await zeroShot(library, { gallery: { kind: 'part', part: 'train' } });
  expect(other.protocol.gallery).toMatch(/^part train, [0-9a-f]{12}$/);
  expect(other.title).toContain('against part train');
  expect(new Set([first, drawn, other].map(({ protocol }) => protocol.hash)).size).toBe(3);
});

test('comparing needs the same split, crop and gallery', async () => {
  await using library = await prepared();
  const { evaluations } = library.services;
  const { signal } = new AbortController();
  const first = await zeroShot(library);
  const larger = await zeroShot(library, {}, 160);
  await expect(evaluations.compare(first.id, larger.id, signal)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/differ in crop .*128.*160.* cannot be paired/) as string,
  });
  const drawn = await zeroShot(library, { gallery: { kind: 'per-class', images: 2, seed: 3 } });
  await expect(evaluations.compare(first.id, drawn.id, signal)).rejects.toThrow(/differ in gallery/);
  const again = await zeroShot(library, { recallAt: [1, 8, 16] });
  expect(await evaluations.compare(first.id, again.id, signal)).toMatchObject({
    first: first.id,
    second: again.id,
    rows: [{ key: 'recall@1' }, { key: 'recall@8' }],
  });
});

test('published rows are found by the names that datasets go by', async () => {
  expect(publishedFor('CUB_200_2011')).toMatchObject({ dataset: 'CUB-200-2011' });
  expect(publishedFor('my cars-196 (train)')?.rows.map(({ method }) => method)).toContain('two heads, hard');
  const sop = publishedFor('Stanford Online Products')!;
  expect(sop.rows.find(({ method, dim }) => method === 'SoftTriple' && dim === 512)?.scores).toEqual({
    'recall@1': 0.783,
    'recall@10': 0.903,
    'recall@100': 0.959,
  });
  expect(publishedFor('emoji')).toBeNull();
  await using library = await prepared();
  const { id } = await zeroShot(library);
  expect(library.services.evaluations.published(id)).toEqual({ dataset: null, rows: [] });
});

test('the classifier of a run is scored where all classes of the part were trained on, and only there', async () => {
  await using library = await prepared();
  const { splits, runs, evaluations } = library.services;
  const stratified = {
    kind: 'stratified',
    testShare: 0.5,
    validationShare: 0,
    seed: 1,
    dropLeaks: false,
  } as const;
  await splits.create({ ...stratified, dataset: 'Birds', name: 'shared classes' });
  const scoresOf = async (split: string, part: 'test' | 'train'): Promise<Evaluation> => {
    const { runId, jobId } = await runs.start({ ...REQUEST, split, settings: { ...REQUEST.settings } });
    await library.ended(jobId);
    const wish = { kind: 'run', run: runId, checkpoint: 'best', part, backend: 'auto' } as const;
    return (await library.ended(evaluations.start(wish).jobId)).result as Evaluation;
  };
  const shared = await scoresOf('shared classes', 'test');
  expect(shared.scores['accuracy@1']).toEqual({ value: 1, low: 1, high: 1 });
  expect(shared).toMatchObject({ seenClasses: true });
  expect(Object.keys(shared.zeroShot!.scores)).not.toContain('accuracy@1');
  for (const part of ['test', 'train'] as const)
    expect(Object.keys((await scoresOf('half', part)).scores)).not.toContain('accuracy@1');
});
