import { expect, test } from 'vitest';
import { TemporaryLibrary } from './testing/temporary-library.ts';

/** The same settings, seed and data give the same checkpoint file: the runs are still two. */
test('runs with equal checkpoints have evaluations of their own, and removing one leaves the other whole', async () => {
  await using library = new TemporaryLibrary();
  library.fill(4, 6);
  await library.import();
  const { splits, runs, evaluations, neighbors } = library.services;
  const parts = { kind: 'class-disjoint', testShare: 0.5, validationShare: 0, seed: 1, dropLeaks: false };
  await splits.create({ dataset: 'Birds', name: 'half', ...parts, kind: 'class-disjoint' });
  const train = async (name: string): Promise<string> => {
    const settings = { centersPerClass: 2, steps: 10 };
    const wish = {
      dataset: 'Birds',
      split: 'half',
      method: 'soft-triple',
      backend: 'auto',
      settings,
    } as const;
    const { runId, jobId } = await runs.start({ ...wish, name });
    await library.ended(jobId);
    return runId;
  };
  const evaluate = async (run: string, checkpoint: 'best' | 'last'): Promise<unknown> => {
    const wish = { kind: 'run', run, checkpoint, part: 'test', backend: 'auto' } as const;
    return (await library.ended(evaluations.start(wish).jobId)).result;
  };
  const first = await train('first');
  const second = await train('second');
  const bestOf = (run: string) => runs.get(run).checkpoints.find(({ kind }) => kind === 'best')!.file;
  expect(bestOf(second)).toBe(bestOf(first));

  await evaluate(first, 'best');
  expect(await evaluate(second, 'best')).toMatchObject({ source: { runId: second, checkpoint: 'best' } });
  // The last checkpoint is the same file, chosen by another rule: another protocol.
  expect(await evaluate(second, 'last')).toMatchObject({
    source: { runId: second, checkpoint: 'last' },
    protocol: { checkpointRule: 'last step' },
  });
  expect(evaluations.list({ run: second })).toHaveLength(2);

  runs.remove(first);
  const [kept] = evaluations.list({ run: second });
  expect(evaluations.list({ run: second })).toHaveLength(2);
  await expect.poll(() => library.services.context.catalog.files.has(bestOf(second))).toBe(true);
  const [worst] = (await evaluations.failures(kept!.id, { onlyMisses: false, offset: 0, limit: 1 })).rows;
  expect((await neighbors.ofImage(kept!.id, worst!.imageId, 2)).neighbors).toHaveLength(2);
  runs.remove(second);
  const { catalog } = library.services.context;
  expect(catalog.db.prepare('SELECT count(*) FROM embeddings WHERE run IS NOT NULL').pluck().get()).toBe(0);
});
