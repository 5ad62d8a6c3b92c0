import { describe, expect, it } from 'vitest';
import { evaluation, points, run } from '../../testing/fake-data.ts';
import { compareConfigs, configRows, differencesFrom } from './config-rows.ts';
import { curvesOf } from './run-curves.ts';
import { estimateSeconds } from './run-times.ts';
import { differenceSentence, intervalSentence, scoreRows } from './score-rows.ts';

describe('settings of a run', () => {
  const config = { batch: 32, milestones: [1, 2], method: { scale: 20 } };

  it('are told with dotted names, lists whole', () => {
    expect(configRows(config)).toEqual([
      { path: 'batch', value: 32 },
      { path: 'milestones', value: [1, 2] },
      { path: 'method.scale', value: 20 },
    ]);
  });

  it('are compared with a preset by their leaf names', () => {
    expect([...differencesFrom(configRows(config), { batch: 16, scale: 20, milestones: [1, 2] })]).toEqual([
      ['batch', 16],
    ]);
  });

  it('leaves out what the program chose and what the run found out', () => {
    const run = { evaluationResize: 128, threads: 2, seed: 0, facts: { threads: 2 } };
    expect([...differencesFrom(configRows(run), { evaluationResize: 0, threads: 0, seed: 1 })]).toEqual([
      ['seed', 1],
    ]);
    expect(compareConfigs(run, { ...run, facts: { threads: 4 } })).toEqual([]);
  });

  it('are compared between two runs', () => {
    expect(compareConfigs(config, { batch: 32, milestones: [1, 3], seed: 1 })).toEqual([
      { path: 'milestones', a: [1, 2], b: [1, 3] },
      { path: 'method.scale', a: 20, b: undefined },
      { path: 'seed', a: undefined, b: 1 },
    ]);
  });
});

describe('curves of a run', () => {
  it('draws what was measured, what is always shown, and unknown values under their own names', () => {
    const drawn = curvesOf([
      { name: 'a', points: [{ seq: 1, step: 1, epoch: 0, values: { loss: 2, gradientNorm: 3 } }] },
    ]);
    expect(drawn.map(({ curve, series }) => [curve.title, series.length])).toEqual([
      ['Loss', 1],
      ['Validation R@1', 0],
      ['Learning rates', 0],
      ['Spread of the embedding', 0],
      ['Images a second', 0],
      ['Waiting for the loader', 0],
      ['Gradient norm', 1],
    ]);
  });

  it('lays two runs over each other, the second dashed and named', () => {
    const [loss] = curvesOf([
      { name: 'a', points: points(3) },
      { name: 'b', points: points(2) },
    ]);
    expect(loss?.series.map((line) => [line.label, line.dashed, line.x])).toEqual([
      ['a', false, [1, 2, 3]],
      ['b', true, [1, 2]],
    ]);
  });
});

describe('time and scores', () => {
  it('estimates by the latest run with the same cost of a step', () => {
    const config = { ...run.config };
    expect(estimateSeconds(config, 620, [run])).toEqual({ seconds: 304, by: run.name });
    expect(estimateSeconds({ ...config, size: 224 }, 620, [run])).toBeNull();
    expect(estimateSeconds(null, 620, [run])).toBeNull();
  });

  it('pairs R@1 with its interval and the rest with plain differences', () => {
    const [first, second] = scoreRows(evaluation);
    expect(first).toMatchObject({ title: 'R@1', difference: { value: 0.138, interval: { low: 0.119 } } });
    expect(second?.difference).toMatchObject({ interval: null });
    expect(second?.difference?.value).toBeCloseTo(0.141);
    expect(scoreRows({ ...evaluation, zeroShot: null })[0]?.difference).toBeNull();
  });

  it('tells the interval over classes where there is one', () => {
    const score = { value: 0.5, low: 0.4, high: 0.6 };
    expect(intervalSentence({ ...score, classLow: 0.25, classHigh: 0.75 })).toMatch(
      /classes: 0\.25.* – 0\.75/,
    );
    expect(intervalSentence(score)).toBeUndefined();
  });

  it('says what an interval says', () => {
    expect(differenceSentence({ value: 0.1, low: 0.01, high: 0.2 })).toMatch(/^Better/);
    expect(differenceSentence({ value: 0.1, low: -0.01, high: 0.2 })).toMatch(/^Not told apart/);
    expect(differenceSentence({ value: -0.1, low: -0.2, high: -0.01 })).toMatch(/^Worse/);
  });
});
