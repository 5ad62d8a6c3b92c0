import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { decodeSafetensors } from '#formats/safetensors.ts';
import { stripedLibrary } from './testing/striped-library.ts';
import { type TrainOutcome, checkpointsOf, tinyConfig, trainInChild } from './testing/train-child.ts';

let folder = '';
let libraryPath = '';
let ids: { datasetId: string; splitId: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-mining-'));
  ({ libraryPath, ids } = await stripedLibrary(folder));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const lastFile = (outcome: TrainOutcome): string | undefined => checkpointsOf(outcome, 'last').at(-1)?.file;
const refreshesOf = (outcome: TrainOutcome) => outcome.events.filter((event) => event.kind === 'refresh');
const curve = (outcome: TrainOutcome, name: string): [number, number][] =>
  outcome.events
    .flatMap((event) => (event.kind === 'points' ? event.points : []))
    .flatMap(({ step, values }): [number, number][] =>
      values[name] === undefined ? [] : [[step, values[name]]],
    );
const train = (settings: Record<string, unknown>, method = 'smart-mining', resumeFrom?: string) =>
  trainInChild(libraryPath, {
    ...ids,
    config: tinyConfig({ batch: 9, ...settings }, method),
    ...(resumeFrom !== undefined && { resumeFrom }),
  });

describe('a run that mines its training part', () => {
  it('mines by its interval, inside epochs too; keeps the triplets, tells their cost, and steers', async () => {
    const outcome = await train({ epochs: 4, refreshEverySteps: 3, negativeRank: 2 });
    expect(outcome.error).toBeNull();
    // 48 images by 9: 5 steps an epoch.
    expect(outcome.result).toMatchObject({ status: 'done', step: 20 });
    const refreshes = refreshesOf(outcome);
    expect(refreshes.length).toBeGreaterThan(3);
    expect(refreshes.slice(0, 2).map(({ step }) => step)).toEqual([0, expect.any(Number)]);
    expect(refreshes[1]!.step).toBeLessThanOrEqual(12);
    const { tensors } = decodeSafetensors(
      await readFile(new ContentStore(libraryPath).get(refreshes[0]!.file)),
    );
    const column = (name: string) => Array.from(tensors.get(name)!.data as Float32Array);
    expect(refreshes[0]!.triplets).toBe(column('anchor').length);
    const beyond = column('anchorNegative').map((far, i) => far > column('anchorPositive')[i]!);
    expect(beyond).not.toContain(false);
    expect(outcome.log.join('\n')).toMatch(
      /Mined \d+ triplets before step 1: \d+ % are active, .*embedding took [\d.]+ s, mining [\d.]+ s/,
    );
    expect(outcome.log.join('\n')).toMatch(
      /Controller of mining: \d+ % of the triplets are active, wanted 50 %/,
    );
    const steps = refreshes.map(({ step }) => step);
    for (const name of ['minedTripletShare', 'negativeRank', 'refreshInterval', 'minedActiveShare'])
      expect(curve(outcome, name).map(([step]) => step)).toEqual(steps);
    // What the controller decided is when it was mined next.
    const intervals = curve(outcome, 'refreshInterval');
    for (const [i, [step, interval]] of intervals.slice(0, -1).entries())
      expect(intervals[i + 1]![0]).toBe(step + interval);
    expect(curve(outcome, 'activeShare').map(([step]) => step)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    expect(curve(outcome, 'refreshMiningShare').length).toBe(4);
  }, 120_000);

  it('fixed, it mines at every epoch’s beginning and moves nothing', async () => {
    const outcome = await train({ epochs: 3, controller: 'fixed', minedShare: 0.7, negativeRank: 3 });
    expect(refreshesOf(outcome).map(({ step }) => step)).toEqual([0, 5, 10]);
    expect(curve(outcome, 'minedTripletShare').map(([, share]) => share)).toEqual([0.7, 0.7, 0.7]);
    expect(curve(outcome, 'negativeRank').map(([, rank]) => rank)).toEqual([3, 3, 3]);
    expect(outcome.log.join('\n')).not.toContain('Controller');
  }, 120_000);

  it.each([
    ['smart-mining', { refreshEverySteps: 4, negativeRank: 4, freezeBatchNorm: false }],
    // A method with a refresh of its own, beside the mining.
    ['hierarchical-triplet', { sampler: 'mined-classes', batch: 8, imagesPerClass: 2, refreshEverySteps: 5 }],
  ])(
    'stopped and resumed equals not stopped, bit for bit: %s with %o',
    async (method, settings) => {
      const config = tinyConfig({ batch: 9, ...settings, epochs: 3, checkpointEverySteps: 4 }, method);
      const whole = await trainInChild(libraryPath, { ...ids, config });
      expect(whole.error).toBeNull();
      let asked = false;
      const first = await trainInChild(libraryPath, { ...ids, config }, (event, send) => {
        const late = event.kind === 'checkpoint' && event.step >= 8;
        if (late && !asked) send({ type: 'stop', mode: 'checkpoint' });
        asked ||= late;
      });
      expect(first.result?.status).toBe('stopped');
      const stoppedAt = first.result!.step;
      expect(stoppedAt).toBeLessThan(whole.result!.step);
      const rest = await trainInChild(libraryPath, { ...ids, config, resumeFrom: lastFile(first)! });
      expect(rest.losses.size).toBe(whole.result!.step - stoppedAt);
      for (const [step, loss] of rest.losses) expect(loss).toBe(whole.losses.get(step));
      expect(lastFile(rest)).toBe(lastFile(whole));
      const later = (outcome: TrainOutcome) => refreshesOf(outcome).filter(({ step }) => step > stoppedAt);
      expect(later(rest)).toEqual(later(whole));
    },
    120_000,
  );
});
