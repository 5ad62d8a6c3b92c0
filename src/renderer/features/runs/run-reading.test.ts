import { describe, expect, it } from 'vitest';
import { evaluation, points, run } from '../../testing/fake-data.ts';
import { compareConfigs, configRows, differencesFrom, settingRows } from './config-rows.ts';
import { curvesOf } from './run-curves.ts';
import { hardestOf, incidentsOf, machineRows } from './run-facts.ts';
import { estimateSeconds } from './run-times.ts';
import { formatP, pairedRows, verdictOf } from './paired-rows.ts';
import {
  differenceSentence,
  groupedRows,
  operatingSentence,
  scoreRows,
  thresholdsSentence,
} from './score-rows.ts';
import { compareKeys, scoreTitle } from './score-titles.ts';

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
    const [method, other] = ['soft-triple', { ...run, facts: { threads: 4 } }];
    expect(compareConfigs({ method, config: run }, { method, config: other }, undefined)).toEqual([]);
  });

  it('are compared between two runs', () => {
    const older = { batch: 32, milestones: [1, 3], seed: 1 };
    const milestones = { path: 'milestones', a: [1, 2], b: [1, 3] };
    const a = { method: 'soft-triple', config };
    // What only one of them has, and no schema knows, is no difference; another method's settings are.
    expect(compareConfigs(a, { method: 'soft-triple', config: older }, undefined)).toEqual([milestones]);
    expect(compareConfigs(a, { method: 'triplet', config: older }, undefined)).toEqual([
      milestones,
      { path: 'method.scale', a: 20, b: undefined },
    ]);
  });
});

describe('curves of a run', () => {
  it('draws what was measured, what is always shown, and unknown values under their own names', () => {
    const drawn = curvesOf([
      {
        name: 'a',
        points: [{ seq: 1, step: 1, epoch: 0, values: { loss: 2, gradientNorm: 3, newFigure: 4 } }],
      },
    ]);
    expect(drawn.map(({ curve, series }) => [curve.group, curve.title, series.length])).toEqual([
      ['learning', 'Loss', 1],
      ['learning', 'Validation R@1', 0],
      ['distances', 'Spread of the embedding', 0],
      ['rates', 'Learning rates', 0],
      ['rates', 'Gradient norm', 1],
      ['speed', 'Images a second', 0],
      ['speed', 'Waiting for the loader', 0],
      ['method', 'New figure', 1],
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

describe('what a run found out about itself', () => {
  const finding = {
    finding: 'collapsed',
    step: 40,
    sentence: 'All fell into one point at step 40. Lower the rates.',
  };
  const change = { rateFactor: 0.3, clipNorm: 1, method: { mining: 'semi-hard' } };
  const config = {
    facts: {
      ...{
        backend: 'tensorflow',
        backendVersion: '2.21.0',
        recorded: false,
        notRecordedBecause: 'a kernel is missing',
      },
      findings: [{ finding: 'dead-centers', step: 80, sentence: 'Few centres are used.' }, finding],
      hardestClasses: { step: 90, classes: [{ name: 'owl', loss: 2.5 }] },
    },
    remedies: [{ step: 40, reason: 'as found', change }],
    ...{ seed: 1, splitHash: 'abcdef0123456789', startsFrom: { kind: 'stored', name: 'mine' } },
  };

  it('tells findings in order, each with what was done', () => {
    expect(incidentsOf({ config })).toEqual([
      {
        step: 40,
        sentence: finding.sentence,
        remedy: 'Mended by itself: all rates times 0.3, gradients clipped to norm 1, mining semi-hard.',
      },
      { step: 80, sentence: 'Few centres are used.', remedy: null },
    ]);
    expect(incidentsOf({ config: {} })).toEqual([]);
  });

  it('tells hardest classes, recording and machine, and keeps them out of the settings', () => {
    expect(hardestOf({ config })).toEqual({ step: 90, classes: [{ name: 'owl', loss: 2.5 }] });
    expect(hardestOf({ config: {} })).toBeNull();
    expect(machineRows({ config })).toContainEqual({
      title: 'Steps recorded',
      value: 'no: a kernel is missing',
    });
    expect(machineRows({ config })).toContainEqual({ title: 'Started from', value: 'mine' });
    expect(settingRows(config)).toEqual([{ path: 'seed', value: 1 }]);
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

  it('names scores, orders them as papers do and groups them', () => {
    const keys = [
      'nmi',
      'fnmr@fmr=0.001',
      'recall@100',
      'own',
      'fnmr@fmr=0.1',
      'mrr',
      'recall@1',
      'precision@1',
    ];
    expect(keys.sort(compareKeys)).toEqual([
      'recall@1',
      'recall@100',
      'mrr',
      'precision@1',
      'nmi',
      'fnmr@fmr=0.1',
      'fnmr@fmr=0.001',
      'own',
    ]);
    expect(scoreTitle('macro-accuracy')).toMatchObject({
      title: 'Own classifier, macro',
      group: 'Classification',
    });
    expect(scoreTitle('fnmr@fmr=0.001')).toMatchObject({ title: 'FNMR at FMR 0.1 %', lessIsBetter: true });
    expect(groupedRows(scoreRows(evaluation)).map(({ group, rows }) => [group, rows.length])).toEqual([
      ['Retrieval', 6],
      ['Clustering', 1],
      ['Verification', 1],
    ]);
  });

  it('says where a threshold comes from', () => {
    expect(operatingSentence(evaluation.scores['fnmr@fmr=0.01']!)).toBe(
      'A match is nearer than 1.049, chosen on the validation pairs; FMR here 0.0109',
    );
    expect(operatingSentence(evaluation.scores['nmi']!)).toBeUndefined();
    const own = {
      ...evaluation.scores['fnmr@fmr=0.01']!,
      operating: { threshold: 1, chosenOn: 'test', fmr: 0 },
    };
    const scores = { ...evaluation.scores, 'fnmr@fmr=0.001': own };
    expect(thresholdsSentence(scoreRows({ ...evaluation, scores }))).toBe(
      'Lower FNMR is better. Thresholds were chosen on the validation pairs; of FNMR at FMR 0.1 % on the test pairs.',
    );
    expect(thresholdsSentence([])).toBeUndefined();
  });

  it('lays the scores of two evaluations beside each other, tested where they are means of queries', () => {
    const test = { difference: { value: 0.1, low: 0.05, high: 0.15 }, p: 0.0001, classP: 0.2 };
    const comparison = {
      first: 'a',
      second: 'b',
      queries: 9,
      classes: 3,
      rows: [{ key: 'recall@1', first: 0.5, second: 0.6, ...test }],
    };
    const rows = pairedRows(evaluation, undefined, comparison);
    expect(rows[0]).toMatchObject({ title: 'R@1', mine: 0.631, theirs: null, test });
    expect(rows.find(({ key }) => key === 'nmi')?.test).toBeNull();
    expect(verdictOf(test)).toEqual({ text: 'these classes only', clear: false });
    expect(verdictOf({ p: 0.01, classP: 0.03 }).clear).toBe(true);
    expect(verdictOf({ p: 0.3, classP: null }).text).toBe('not told apart');
    expect([formatP(0.0001), formatP(0.0321)]).toEqual(['< 0.001', '0.032']);
  });

  it('says what an interval says', () => {
    expect(differenceSentence({ value: 0.1, low: 0.01, high: 0.2 })).toMatch(/^Better/);
    expect(differenceSentence({ value: 0.1, low: -0.01, high: 0.2 })).toMatch(/^Not told apart/);
    expect(differenceSentence({ value: -0.1, low: -0.2, high: -0.01 })).toMatch(/^Worse/);
  });
});
