import { expect, test } from 'vitest';
import type { z } from 'zod';
import { SweepRequest } from '#shared/domain/sweep.ts';
import { TemporaryLibrary } from './testing/temporary-library.ts';

const request = (rest: Partial<z.input<typeof SweepRequest>>): z.output<typeof SweepRequest> =>
  SweepRequest.parse({
    dataset: 'Birds',
    split: 'half',
    settings: { centersPerClass: 1, steps: 4, size: 32, batch: 8, dim: 8 },
    axes: { scale: [10, 20] },
    ...rest,
  });

async function prepared(validationShare: number): Promise<TemporaryLibrary> {
  const library = new TemporaryLibrary();
  library.fill(6, 6);
  await library.import();
  const parts = {
    kind: 'class-disjoint',
    testShare: 0.34,
    validationShare,
    seed: 1,
    dropLeaks: false,
  } as const;
  await library.services.splits.create({ dataset: 'Birds', name: 'half', ...parts });
  return library;
}

test('a search trains every trial as a run, scores it on the validation classes and names the best', async () => {
  await using library = await prepared(0.5);
  const { sweeps, runs, splits, evaluations } = library.services;
  expect(await sweeps.check(request({}))).toEqual({ trials: 2, problems: [] });
  const { sweepId, trials } = await sweeps.start(request({ name: 'Scales' }));
  expect(trials).toBe(2);
  const { jobId } = runs.get(sweeps.get('Scales').trials[0]!.runId);
  for (const trial of sweeps.get(sweepId).trials) await library.ended(runs.get(trial.runId).jobId!);
  expect(jobId).not.toBeNull();

  const sweep = sweeps.get(sweepId);
  expect(sweep).toMatchObject({ name: 'Scales', status: 'done', axes: ['scale'], strategy: 'grid' });
  expect(sweep.trials.map(({ values }) => values)).toEqual([{ scale: 10 }, { scale: 20 }]);
  const scores = sweep.trials.map(({ validation }) => validation!);
  for (const score of scores) expect(score).toBeGreaterThan(0);
  expect(sweep.best).toBe(sweep.trials[scores.indexOf(Math.max(...scores))]!.runId);
  expect(runs.get(sweep.best!)).toMatchObject({
    sweepId,
    name: expect.stringMatching(/^Scales [12]$/) as string,
  });
  // The test classes were not looked at: nothing was evaluated.
  expect(evaluations.list({})).toEqual([]);

  expect(() => splits.remove('half')).toThrow(/used by the run "Scales 1"/);
  sweeps.remove(sweepId);
  expect(sweeps.list(undefined)).toEqual([]);
  expect(runs.list(undefined)).toEqual([]);
});

test('a search that is paused keeps its trials waiting, and goes on', async () => {
  await using library = await prepared(0.5);
  const { sweeps, runs } = library.services;
  const { sweepId } = await sweeps.start(request({ axes: { seed: [1, 2, 3] } }));
  sweeps.pause(sweepId);
  await expect.poll(() => sweeps.get(sweepId).status, { timeout: 20_000 }).toBe('paused');
  expect(sweeps.get(sweepId).trials.filter(({ status }) => status === 'paused').length).toBeGreaterThan(1);
  expect(() => sweeps.pause(sweepId)).toThrow(/No trial of this search runs or waits/);
  sweeps.resume(sweepId);
  expect(() => sweeps.remove(sweepId)).toThrow(/Pause it first/);
  for (const trial of sweeps.get(sweepId).trials) await library.ended(runs.get(trial.runId).jobId!);
  expect(sweeps.get(sweepId).trials.map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  expect(() => sweeps.resume(sweepId)).toThrow(/Every trial of this search is done/);
});

test('what cannot run is refused before anything starts', async () => {
  await using library = await prepared(0.5);
  const { sweeps } = library.services;
  await expect(sweeps.start(request({ axes: { scal: [1, 2] } }))).rejects.toThrow(/did you mean "scale"/);
  await expect(sweeps.start(request({ axes: {} }))).rejects.toThrow(/Nothing varies/);
  await expect(sweeps.start(request({ axes: { method: [1, 2] } }))).rejects.toThrow(
    'method takes names, such as triplet, not 1.',
  );
  await expect(sweeps.start(request({ axes: { centersPerClass: [1, 50] } }))).rejects.toThrow(/50 centres/);
  const unscored = request({ settings: { centersPerClass: 1, validateEveryEpochs: 0 } });
  await expect(sweeps.start(unscored)).rejects.toThrow(/needs validation scores/);
  expect(sweeps.list(undefined)).toEqual([]);
});

test('a split without validation classes is refused: a search must not choose by the test classes', async () => {
  await using library = await prepared(0);
  await expect(library.services.sweeps.start(request({}))).rejects.toThrow(/keeps no validation classes/);
});
