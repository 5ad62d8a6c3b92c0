import { expect, test } from 'vitest';
import type { TrainEvent } from '#shared/worker/train.ts';
import { prepared, start } from './testing/prepared-library.ts';
import { keepTrainingRefresh } from './training-refresh.ts';

test('what a run mines while it trains is kept: the newest twenty, and those with verdicts', async () => {
  await using library = await prepared();
  const { context, triplets, curation } = library.services;
  const { runId, jobId } = await start(library);
  await library.ended(jobId);
  const run = context.runs.require(runId);
  const files = new Map<number, string>();
  const mineAt = async (step: number): Promise<void> => {
    const file = await context.catalog.files.put(new TextEncoder().encode(`mined before ${String(step)}`));
    files.set(step, file);
    const event: Extract<TrainEvent, { kind: 'refresh' }> = {
      kind: 'refresh',
      ...{ step, file, rule: 'smart', margin: 0.2, triplets: 3, anchorsWithout: 0, recallOfIndex: 1 },
      ...{ activeShare: 0.5, histogram: { from: -1, to: 0, counts: [1, 2] } },
    };
    keepTrainingRefresh(context, run, event);
  };
  const steps = (): number[] => triplets.refreshes({ run: runId }).map((one) => one.step!);
  await mineAt(0);
  await mineAt(3);
  await mineAt(3);
  expect(steps()).toEqual([3, 0]);
  expect(triplets.refreshes({ run: runId })[0]).toMatchObject({
    part: 'train',
    rule: 'smart',
    activeShare: 0.5,
  });
  const judged = triplets.refreshes({ run: runId })[1]!;
  curation.apply(
    {
      dataset: 'Birds',
      edit: { kind: 'verdict', refreshId: judged.id, row: 1, verdict: 'look-alike', imageId: 6 },
      why: '',
    },
    'test',
  );
  for (let step = 6; step < 6 + 3 * 22; step += 3) await mineAt(step);
  expect(steps()).toHaveLength(21);
  expect(steps().at(-1)).toBe(0);
  expect(steps()[0]).toBe(69);
  expect(context.catalog.files.has(files.get(0)!)).toBe(true);
  await expect.poll(() => context.catalog.files.has(files.get(3)!)).toBe(false);
});
