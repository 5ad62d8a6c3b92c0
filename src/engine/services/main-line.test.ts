import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REQUEST, SPLIT, prepared, start } from './testing/prepared-library.ts';

test('import, split, train, evaluate, neighbours, triplets, export', async () => {
  await using library = await prepared();
  const { runs, evaluations, neighbors, triplets, exports, splits, curation } = library.services;
  expect(splits.get('half', undefined)).toMatchObject({
    stale: false,
    train: { classes: 2, images: 12 },
    test: { classes: 2, images: 12 },
  });

  const { runId, jobId } = await start(library);
  expect((await library.ended(jobId)).result).toMatchObject({
    runId,
    status: 'done',
    steps: 10,
    bestValidation: 0.75,
  });
  expect(runs.get(runId)).toMatchObject({ status: 'done', step: 10, bestValidation: 0.75 });
  expect(runs.points(runId, 0, 100)).toHaveLength(10);
  expect(runs.points(runId, 8, 100).map((point) => point.seq)).toEqual([9, 10]);
  expect(runs.get(runId).checkpoints.map((one) => [one.kind, one.step])).toEqual([
    ['best', 10],
    ['last', 10],
  ]);

  const wish = { kind: 'run', run: runId, checkpoint: 'best', part: 'test', backend: 'auto' } as const;
  const evaluated = await library.ended(evaluations.start(wish).jobId);
  expect(evaluated.error).toBeNull();
  const [trained, zeroShot] = evaluations.list({});
  expect(evaluated.result).toMatchObject({
    id: trained!.id,
    seenClasses: false,
    stale: false,
    zeroShot: { evaluationId: zeroShot!.id, differenceRecallAt1: { value: 0.1 } },
  });
  // Vectors alone, whatever their classes; those that exist are used again.
  expect((await library.ended(evaluations.embed(wish).jobId)).result).toMatchObject({
    embeddingId: trained!.embeddingId,
    rows: 12,
  });
  const bare = { kind: 'zero-shot', backbone: 'mobilenet-v2-0.35', size: 64, backend: 'auto' } as const;
  const part = { ...bare, dataset: 'Birds', split: 'half', part: 'train' } as const;
  const embedded = await library.ended(evaluations.embed(part).jobId);
  expect(embedded).toMatchObject({ kind: 'embed', error: null, result: { rows: 12 } });
  expect(evaluations.list({})).toHaveLength(2);
  // Equal requests use the same vectors and scores.
  expect((await library.ended(evaluations.start(wish).jobId)).result).toMatchObject({ id: trained!.id });
  expect(evaluations.list({ run: runId })).toHaveLength(1);
  expect((await library.ended(evaluations.start({ ...wish, part: 'train' }).jobId)).result).toMatchObject({
    seenClasses: true,
  });

  const failures = await evaluations.failures(trained!.id, { onlyMisses: true, offset: 0, limit: 10 });
  expect(failures).toMatchObject({
    total: 2,
    misses: 2,
    rows: [{ firstHitRank: null, margin: -0.5 }, { margin: expect.closeTo(-0.47) }],
  });
  const list = await neighbors.ofImage(trained!.id, failures.rows[0]!.imageId, 2);
  expect(list.neighbors.map((one) => one.distance)).toEqual([0, expect.closeTo(0.01)]);
  await expect(neighbors.ofImage(trained!.id, 999, 2)).rejects.toMatchObject({ code: 'not-found' });

  const mined = await library.ended(
    triplets.mine({
      kind: 'run',
      run: runId,
      checkpoint: 'last',
      part: 'train',
      rule: 'smart',
      margin: 0.2,
      backend: 'auto',
      out: join(library.root, 'mined.json'),
    }).jobId,
  );
  const written = JSON.parse(readFileSync(join(library.root, 'mined.json'), 'utf8')) as object[];
  expect(Object.keys(written[0]!)).toEqual([
    ...['anchor', 'positive', 'negative', 'anchorPositive', 'anchorNegative'],
    ...['anchorPath', 'anchorClass', 'positivePath', 'positiveClass', 'negativePath', 'negativeClass'],
  ]);
  expect(written).toHaveLength(3);
  expect(written[0]).toMatchObject({
    anchorPath: expect.stringMatching(/^class \d\/\d+\.txt$/) as string,
    anchorClass: expect.stringMatching(/^class \d$/) as string,
  });
  const refresh = triplets.refreshes({ run: runId })[0]!;
  expect(mined.result).toMatchObject({ id: refresh.id, triplets: 3 });
  const page = { sort: 'hardness', verdict: 'any', offset: 0, limit: 10 } as const;
  expect((await triplets.list(refresh.id, page)).rows.map((row) => row.violation)).toEqual([
    -0.125, -0.25, -0.5,
  ]);
  const byPositive = await triplets.list(refresh.id, { ...page, sort: 'anchor-positive' });
  expect(byPositive.rows.map((row) => row.row)).toEqual([1, 0, 2]);
  curation.apply(
    {
      dataset: 'Birds',
      edit: { kind: 'verdict', refreshId: refresh.id, row: 1, verdict: 'bad-crop', imageId: 6 },
      why: '',
    },
    'test',
  );
  expect(await triplets.list(refresh.id, { ...page, verdict: 'given' })).toMatchObject({
    total: 1,
    reviewed: 1,
    rows: [{ row: 1, verdict: 'bad-crop', negative: { imageId: 6, excluded: true } }],
  });
  expect(triplets.refreshes({ run: runId })[0]!.stale).toBe(true);
  expect(splits.get('half', 'Birds').stale).toBe(true);
  expect(runs.get(runId).stale).toBe(true);
  expect(evaluations.get(trained!.id).stale).toBe(true);

  for (const [what, source, format] of [
    ['dataset', 'Birds', 'csv'],
    ['split', 'half', 'json'],
    ['embeddings', runId, 'npy'],
    ['neighbors', trained!.id, 'csv'],
    ['triplets', runId, 'json'],
    ['report', runId, 'html'],
  ] as const) {
    const out = join(library.root, `${what}.${format}`);
    const job = await library.ended(exports.start({ what, source, format, out, overwrite: false }).jobId);
    expect(job.error, what).toBeNull();
    expect((job.result as { files: string[] }).files[0]).toBe(out);
    expect(() => exports.start({ what, source, format, out, overwrite: false })).toThrow(/exists/);
  }
  const report = readFileSync(join(library.root, 'report.html'), 'utf8');
  expect(report).toContain('Hardest triplets');
  expect(report).toContain('+0.100');
  expect(report).not.toMatch(/<script|https?:\/\//);
  expect(readFileSync(join(library.root, 'dataset.csv'), 'utf8').split('\n')).toHaveLength(26);
  expect(JSON.parse(readFileSync(join(library.root, 'triplets.json'), 'utf8'))[1]).toMatchObject({
    verdict: 'bad-crop',
    positive: 3,
  });

  const checkpoint = runs.get(runId).checkpoints[0]!.file;
  runs.remove(runId);
  expect(runs.list(undefined)).toEqual([]);
  await expect.poll(() => library.services.context.catalog.files.has(checkpoint)).toBe(false);
  expect(evaluations.list({ run: undefined }).map((one) => one.source.kind)).toEqual([
    'zero-shot',
    'zero-shot',
  ]);
});

test('heavy jobs wait for each other', async () => {
  await using library = await prepared();
  const one = await start(library, 'wait');
  const two = await start(library);
  await library.until(one.jobId, (job) => job.status === 'running');
  expect(library.services.jobs.get(two.jobId).status).toBe('queued');
  library.services.runs.stop(one.runId, 'checkpoint');
  expect((await library.ended(two.jobId)).status).toBe('done');
  expect(library.services.runs.get(one.runId).status).toBe('stopped');
  expect(library.services.runs.list('Birds').map((run) => run.name)).toEqual([
    'soft-triple on Birds 2',
    'soft-triple on Birds',
  ]);
});

test('the events of a run tell its points and its end', async () => {
  await using library = await prepared();
  const { runId, jobId } = await start(library);
  let last: { seq: number; run: { status: string } } | undefined;
  for await (const item of library.services.runs.events(runId, new AbortController().signal)) {
    last = item;
    if (item.run.status === 'done') break;
  }
  await library.ended(jobId);
  expect(last).toMatchObject({ seq: 10, run: { status: 'done' } });
});

test('a run stays while a job works on it', async () => {
  await using library = await prepared();
  const { runs, evaluations, triplets, jobs } = library.services;
  const { runId, jobId } = await start(library);
  await library.ended(jobId);
  const wish = { kind: 'run', run: runId, part: 'test', backend: 'auto' } as const;
  const mining = triplets.mine({ ...wish, checkpoint: 'last', rule: 'smart', margin: 0.2 });
  const evaluating = evaluations.start({ ...wish, checkpoint: 'best' });
  expect(() => runs.remove(runId)).toThrow(/"Mine triplets of .*" still works on the run .*stop it first/);
  expect((await library.ended(mining.jobId)).error).toBeNull();
  expect(() => runs.remove(runId)).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect((await library.ended(evaluating.jobId)).error).toBeNull();
  const paused = evaluations.start({ ...wish, checkpoint: 'best' });
  jobs.pause(paused.jobId);
  runs.remove(runId);
  expect(runs.list(undefined)).toEqual([]);
  expect(jobs.get(paused.jobId).status).toBe('cancelled');
});

test('a mining that a crash repeats is kept once; one that a person repeats is kept again', async () => {
  await using library = await prepared();
  const { runId, jobId } = await start(library);
  await library.ended(jobId);
  const wish = { kind: 'run', run: runId, part: 'test', backend: 'auto' } as const;
  const mine = () =>
    library.services.triplets.mine({ ...wish, checkpoint: 'last', rule: 'smart', margin: 0.2 }).jobId;
  const kept = () => library.services.triplets.refreshes({ run: runId }).map((one) => one.id);
  const first = mine();
  await library.ended(first);
  const [id] = kept();
  // As an engine leaves it that dies between the refresh and the end of its job.
  library.services.context.jobs.update(first, { status: 'running', endedAt: null, result: null });
  await library.restart();
  expect((await library.ended(first)).result).toMatchObject({ id });
  expect(kept()).toEqual([id]);
  await library.ended(mine());
  expect(kept()).toHaveLength(2);
});

test('what cannot be is refused with a sentence', async () => {
  await using library = await prepared();
  const { runs, splits, evaluations, exports, images } = library.services;
  await expect(runs.start({ ...REQUEST, settings: { nonsense: 1 } })).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('nonsense'),
  });
  await expect(runs.start({ ...REQUEST, settings: { centersPerClass: 10 } })).rejects.toMatchObject({
    code: 'bad-input',
    message: expect.stringContaining('centersPerClass'),
  });
  await expect(runs.start({ ...REQUEST, split: 'none', settings: {} })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('"half"'),
  });
  await expect(splits.create({ ...SPLIT, ifRevision: 0 })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('revision 1, not 0'),
  });
  await expect(splits.create({ ...SPLIT, kind: 'official' })).rejects.toMatchObject({ code: 'bad-input' });
  const zero = {
    kind: 'zero-shot',
    backbone: 'mobilenet-v2-0.35',
    size: 64,
    dataset: 'Birds',
    split: 'half',
    backend: 'auto',
  } as const;
  expect(() => evaluations.start({ ...zero, part: 'query' })).toThrow(
    /no images in its part "query".*"train"/,
  );
  const out = join(library.root, 'x.npy');
  expect(() =>
    exports.start({ what: 'dataset', source: 'Birds', format: 'npy', out, overwrite: false }),
  ).toThrow(/csv, json; not as npy/);
  expect(() => images.slice('forgotten', 0, 1)).toThrow(expect.objectContaining({ code: 'expired' }));
  const { runId } = await start(library, 'wait');
  expect(() =>
    evaluations.start({ kind: 'run', run: runId, checkpoint: 'best', part: 'test', backend: 'auto' }),
  ).toThrow(/no checkpoint yet/);
  expect(() => splits.remove('half')).toThrow(/used by the run/);
});

test('a place that cannot be written is refused before any work, and no folder is made for it', async () => {
  await using library = await prepared();
  const { exports, triplets } = library.services;
  const csv = (out: string) =>
    exports.start({ what: 'dataset', source: 'Birds', out: join(library.root, out), overwrite: true });
  expect(() => csv('none/x/dataset.csv')).toThrow(/no folder .*none.x to write dataset.csv in/);
  expect(() => csv('library/catalog.sqlite/dataset.csv')).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  expect(existsSync(join(library.root, 'none'))).toBe(false);
  mkdirSync(join(library.root, 'folder.csv'));
  expect(() => csv('folder.csv')).toThrow(/is a folder/);
  const mined = join(library.root, 'mined.csv');
  writeFileSync(mined, 'another work');
  const wish = {
    kind: 'files',
    embeddings: 'v.npy',
    labels: 'l.npy',
    metric: 'cosine',
    rule: 'smart',
  } as const;
  const mine = (out: string) => () => triplets.mine({ ...wish, margin: 0.2, out });
  expect(mine(mined)).toThrow(expect.objectContaining({ code: 'conflict' }));
  expect(mine(join(library.root, 'mined.xlsx'))).toThrow(/neither .csv nor .json/);
});

test('an export that may not overwrite leaves the file that appeared meanwhile', async () => {
  await using library = await prepared();
  const out = join(library.root, 'dataset.csv');
  const { jobId } = library.services.exports.start({
    what: 'dataset',
    source: 'Birds',
    out,
    overwrite: false,
  });
  writeFileSync(out, 'mine');
  expect((await library.ended(jobId)).error).toMatchObject({ code: 'conflict' });
  expect(readFileSync(out, 'utf8')).toBe('mine');
  await library.ended(
    library.services.exports.start({ what: 'dataset', source: 'Birds', out, overwrite: true }).jobId,
  );
  expect(readFileSync(out, 'utf8')).toContain('imageId,path,class');
  expect(existsSync(out)).toBe(true);
});
