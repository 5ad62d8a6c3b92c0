import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { SafetensorsFile, decodeSafetensors, encodeSafetensors } from '#formats/safetensors.ts';
import { stripedLibrary } from './testing/striped-library.ts';
import { type TrainOutcome, checkpointsOf, tinyConfig, trainInChild } from './testing/train-child.ts';

let folder = '';
let libraryPath = '';
let ids: { datasetId: string; splitId: string };
let straight: TrainOutcome;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-train-'));
  ({ libraryPath, ids } = await stripedLibrary(folder));
  straight = await trainInChild(libraryPath, { ...ids, config: tinyConfig() });
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const lastFile = (outcome: TrainOutcome): string | undefined => checkpointsOf(outcome, 'last').at(-1)?.file;

describe('the training worker', () => {
  it('trains real images to a lower loss and says what it did', () => {
    expect(straight.error).toBeNull();
    expect(straight.result).toMatchObject({ status: 'done', step: 12, epoch: 2 });
    expect(straight.log.join('\n')).toMatch(
      /1 threads\.\nSteps (are recorded and replayed; .* to the last bit|run one operation at a time, .*)\.\n(.*\n)*.*Epoch 1, .*validation R@1 [\d.]+\.\n(.*\n)*.*All steps are done\./,
    );
    const losses = [...straight.losses.values()];
    expect(losses).toHaveLength(12);
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.8);
    const values = straight.events.flatMap((e) => (e.kind === 'points' ? e.points.map((p) => p.values) : []));
    const names = new Set(values.flatMap((v) => Object.keys(v)));
    for (const name of [
      'loss',
      'learningRate',
      'learningRateHead',
      'learningRateCenters',
      'recallAt1',
      'embeddingSpread',
      'distinctCenters',
      'imagesPerSecond',
      'loaderWaitShare',
      'gradientNorm',
      'meanPositiveDistance',
      'meanNegativeDistance',
      'effectiveRank',
      'worstClassLoss',
    ]) {
      expect(names).toContain(name);
    }
    expect(straight.events.find((e) => e.kind === 'facts')?.facts).toMatchObject({
      threads: 1,
      backend: expect.any(String),
      recorded: expect.any(Boolean),
    });
  });

  it('keeps best and last with weights, moments and statistics', async () => {
    expect(checkpointsOf(straight, 'best').length).toBeGreaterThan(0);
    expect(checkpointsOf(straight, 'last').map((c) => c.step)).toEqual([6, 12]);
    const file = await SafetensorsFile.open(new ContentStore(libraryPath).get(lastFile(straight) as string));
    const names = [...file.header.tensors.keys()];
    for (const name of [
      'Conv1/kernel',
      'bn_Conv1/moving_mean',
      'head/kernel',
      'method/centers',
      'optimizer/second/head/bias',
    ]) {
      expect(names).toContain(name);
    }
    expect(file.entry('method/centers').shape).toEqual([16, 12]);
    expect(JSON.parse(file.header.metadata['state'] ?? '')).toMatchObject({ step: 12, threads: 1 });
    await file.close();
  });

  it('gives the same losses and the same file again, in another process', async () => {
    const again = await trainInChild(libraryPath, { ...ids, config: tinyConfig() });
    expect(again.losses).toEqual(straight.losses);
    expect(lastFile(again)).toBe(lastFile(straight));
    const other = await trainInChild(libraryPath, { ...ids, config: tinyConfig({ seed: 2 }) });
    expect(other.losses).not.toEqual(straight.losses);
  }, 120_000);

  it.each([
    { freezeBatchNorm: true },
    { freezeBatchNorm: false },
    // Its batches come from what the epoch began with, which is before the checkpoint.
    { sampler: 'neighborhood', imagesPerClass: 2 },
  ])(
    'stopped and resumed equals not stopped, bit for bit, with %o',
    async (settings) => {
      const config = tinyConfig({ ...settings, checkpointEverySteps: 4 });
      const whole = await trainInChild(libraryPath, { ...ids, config });
      let asked = false;
      const first = await trainInChild(libraryPath, { ...ids, config }, (event, send) => {
        if (event.kind === 'checkpoint' && !asked) send({ type: 'stop', mode: 'checkpoint' });
        asked ||= event.kind === 'checkpoint';
      });
      expect(first.result?.status).toBe('stopped');
      const stoppedAt = first.result?.step as number;
      expect(stoppedAt).toBeLessThan(12);
      const rest = await trainInChild(libraryPath, { ...ids, config, resumeFrom: lastFile(first) as string });
      expect(rest.losses.size).toBe(12 - stoppedAt);
      for (const [step, loss] of rest.losses) expect(loss).toBe(whole.losses.get(step));
      expect(lastFile(rest)).toBe(lastFile(whole));
    },
    180_000,
  );

  it.each([
    [
      'Nesterov momentum, clipping, accumulation, averages, a frozen start and a plateau',
      'soft-triple',
      {
        optimizer: 'sgd',
        nesterov: true,
        backboneRate: 1e-3,
        clipNorm: 1,
        accumulate: 3,
        emaDecay: 0.9,
        freezeBackboneSteps: 5,
        schedule: 'plateau',
        plateauPatience: 0,
        retraceEvery: 5,
      },
    ],
    [
      'a method that looks at the whole part before each epoch',
      'hierarchical-triplet',
      { imagesPerClass: 2 },
    ],
  ])(
    'stopped inside an epoch and resumed equals not stopped: %s',
    async (_, method, settings) => {
      const config = tinyConfig({ ...settings, epochs: 3, checkpointEverySteps: 4 }, method);
      const whole = await trainInChild(libraryPath, { ...ids, config });
      expect(whole.error).toBeNull();
      let asked = false;
      const first = await trainInChild(libraryPath, { ...ids, config }, (event, send) => {
        const inside = event.kind === 'checkpoint' && event.step >= 8;
        if (inside && !asked) send({ type: 'stop', mode: 'checkpoint' });
        asked ||= inside;
      });
      const stoppedAt = first.result?.step as number;
      expect(first.result?.status).toBe('stopped');
      const rest = await trainInChild(libraryPath, { ...ids, config, resumeFrom: lastFile(first) as string });
      expect(rest.losses.size).toBe(18 - stoppedAt);
      for (const [step, loss] of rest.losses) expect(loss).toBe(whole.losses.get(step));
      expect(lastFile(rest)).toBe(lastFile(whole));
    },
    180_000,
  );

  it('stops as diverged with a sentence, and keeps no broken checkpoint', async () => {
    // One weight near the end of float32: the next forward pass overflows.
    const store = new ContentStore(libraryPath);
    const { tensors, metadata } = decodeSafetensors(await readFile(store.get(lastFile(straight) as string)));
    (tensors.get('head/kernel')?.data as Float32Array).fill(3e38, 0, 4000);
    const resumeFrom = await store.put(encodeSafetensors([...tensors.values()], metadata));
    const outcome = await trainInChild(libraryPath, {
      ...ids,
      config: tinyConfig({ epochs: 4 }),
      resumeFrom,
    });
    expect(outcome.result?.status).toBe('diverged');
    expect(outcome.result?.reason).toMatch(
      /no longer a finite number at step 13\..*Lower the learning rates to a tenth.*last good checkpoint is kept/,
    );
    expect(checkpointsOf(outcome, 'last')).toEqual([]);
    expect(
      outcome.events
        .flatMap((e) => (e.kind === 'points' ? e.points : []))
        .every((p) => Object.values(p.values).every(Number.isFinite)),
    ).toBe(true);
  }, 120_000);

  it('hears that everything falls into one point, tells what to do, and ends there where it may mend itself', async () => {
    // Rates at which every channel of the network saturates.
    const ruinous = {
      epochs: 12,
      schedule: 'constant',
      warmupSteps: 0,
      backboneRate: 3,
      freezeBatchNorm: true,
    };
    const heard = await trainInChild(libraryPath, { ...ids, config: tinyConfig(ruinous) });
    expect(heard.result).toMatchObject({ status: 'done', step: 72 });
    const findings = heard.events.filter((event) => event.kind === 'finding');
    expect(findings.map(({ finding }) => finding)).toContain('collapsed');
    expect(heard.log.join('\n')).toMatch(
      /fallen into one point at step \d+.*Lower the learning rates to a third/,
    );
    const mending = await trainInChild(libraryPath, {
      ...ids,
      config: tinyConfig({ ...ruinous, autoRemedy: true }),
    });
    expect(mending.result).toMatchObject({ status: 'collapsed', remedy: { rateFactor: 0.3 } });
    expect(mending.result?.step).toBeLessThan(72);
  }, 180_000);

  it('ends at a limit of steps inside an epoch with a last and a best checkpoint', async () => {
    const config = tinyConfig({ steps: 4, validateEveryEpochs: 0 });
    const outcome = await trainInChild(libraryPath, { ...ids, config });
    expect(outcome.result).toMatchObject({ status: 'done', step: 4 });
    expect(checkpointsOf(outcome, 'last').map((c) => c.step)).toEqual([4]);
    expect(checkpointsOf(outcome, 'best').map((c) => c.file)).toEqual([lastFile(outcome)]);
  }, 120_000);

  it('validates its last epoch whatever the interval, and tells the best checkpoint before the last', async () => {
    const outcome = await trainInChild(libraryPath, {
      ...ids,
      config: tinyConfig({ validateEveryEpochs: 5 }),
    });
    const kept = outcome.events.flatMap((event) => (event.kind === 'checkpoint' ? [event] : []));
    expect(kept.map(({ checkpoint, step }) => [checkpoint, step])).toEqual([
      ['last', 6],
      ['best', 12],
      ['last', 12],
    ]);
    expect(outcome.result?.bestValidation).toBe(kept.at(-1)?.validation);
  }, 120_000);

  it('ends early when validation does not rise', async () => {
    const config = tinyConfig({ epochs: 30, earlyStopPatience: 2, backboneRate: 0, headRate: 0 });
    const outcome = await trainInChild(libraryPath, { ...ids, config });
    expect(outcome.result?.status).toBe('early-stopped');
    expect(outcome.result?.epoch).toBeLessThan(30);
    expect(outcome.result?.reason).toMatch(/did not rise for 2 validations/);
  }, 120_000);

  it('answers an unreadable checkpoint and an empty split with sentences', async () => {
    const store = new ContentStore(libraryPath);
    const broken = await store.put(new TextEncoder().encode('not a checkpoint at all'));
    const outcome = await trainInChild(libraryPath, { ...ids, config: tinyConfig(), resumeFrom: broken });
    expect(outcome.error).toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/not a readable safetensors file/),
    });
    const missing = await trainInChild(libraryPath, {
      ...ids,
      splitId: 'split_nothinghere',
      config: tinyConfig(),
    });
    expect(missing.error?.code).toBe('not-found');
  }, 120_000);
});
