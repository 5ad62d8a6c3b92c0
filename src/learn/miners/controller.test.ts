import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTROLLER,
  type ControllerSettings,
  ControllerState,
  type MiningMeasurement,
  decide,
  inUse,
  startOfController,
} from './controller.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const settings: fc.Arbitrary<ControllerSettings> = fc.record({
  target: fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  minedShare: share,
  negativeRank: fc.integer({ min: 1, max: 32 }),
  interval: fc.integer({ min: 1, max: 5000 }),
});
const measurement: fc.Arbitrary<MiningMeasurement> = fc.record({
  active: share,
  solved: fc.option(share),
  without: share,
});
const usual: ControllerSettings = { target: 0.5, minedShare: 0.5, negativeRank: 4, interval: 40 };
const seen = (active: number, more: Partial<MiningMeasurement> = {}): MiningMeasurement => ({
  active,
  solved: null,
  without: 0,
  ...more,
});

describe('whatever is measured', () => {
  it('stays inside its bounds, moves a bounded way, and says why', () => {
    fc.assert(
      fc.property(settings, fc.array(measurement, { minLength: 1, maxLength: 30 }), (given, all) => {
        let state = startOfController(given);
        for (const one of all) {
          const before = inUse(state);
          const { state: next, decision } = decide(state, one, given);
          expect(decision.minedShare).toBeGreaterThanOrEqual(CONTROLLER.shareMin);
          expect(decision.minedShare).toBeLessThanOrEqual(1);
          expect(decision.negativeRank).toBeGreaterThanOrEqual(1);
          expect(decision.negativeRank).toBeLessThanOrEqual(CONTROLLER.rankMax);
          expect(decision.interval).toBeGreaterThanOrEqual(Math.max(1, Math.floor(given.interval / 4)));
          expect(decision.interval).toBeLessThanOrEqual(4 * given.interval);
          expect(
            Math.abs(decision.minedShare - Math.max(CONTROLLER.shareMin, before.minedShare)),
          ).toBeLessThanOrEqual(0.5);
          expect(next.rank / state.rank).toBeGreaterThanOrEqual(0.25);
          expect(next.rank / state.rank).toBeLessThanOrEqual(4);
          expect(decision.reason).toMatch(/^\d+ % of the triplets are active, wanted \d+ %: .*\.$/);
          state = next;
        }
      }),
    );
  });

  it('decides the same after its state went through a file', () => {
    fc.assert(
      fc.property(settings, fc.array(measurement, { minLength: 2, maxLength: 8 }), (given, all) => {
        let whole = startOfController(given);
        let stored = whole;
        for (const one of all) {
          whole = decide(whole, one, given).state;
          stored = ControllerState.parse(JSON.parse(JSON.stringify(decide(stored, one, given).state)));
          expect(stored).toEqual(whole);
        }
      }),
    );
  });
});

it('too few active triplets: more mined ones and nearer negatives; too many: the reverse', () => {
  const begun = startOfController(usual);
  const easy = decide(begun, seen(0.1), usual);
  expect(easy.decision).toEqual({
    minedShare: 0.7,
    negativeRank: 2,
    interval: 40,
    reason:
      '10 % of the triplets are active, wanted 50 %: too easy. Mined share 50 % to 70 %, rank of negatives 4 to 2.',
  });
  const hard = decide(begun, seen(0.9), usual).decision;
  expect(hard.minedShare).toBeCloseTo(0.3);
  expect(hard.negativeRank).toBe(7);
});

it('leaves alone what is near enough', () => {
  const begun = startOfController(usual);
  const { decision } = decide(begun, seen(0.46, { solved: 0.6 }), usual);
  expect(decision).toEqual({
    ...inUse(begun),
    reason: '46 % of the triplets are active, wanted 50 %: near enough. Nothing moves.',
  });
});

it('smooths: one odd measurement counts by half', () => {
  const first = decide(startOfController(usual), seen(0.5), usual);
  const odd = decide(first.state, seen(0.1), usual);
  expect(odd.state.active).toBeCloseTo(0.3);
  expect(odd.decision.minedShare).toBeCloseTo(0.6);
});

it('mines sooner where triplets were solved long before, later where few are', () => {
  const begun = startOfController(usual);
  expect(decide(begun, seen(0.5, { solved: 1 }), usual).decision).toMatchObject({ interval: 20 });
  expect(decide(begun, seen(0.5, { solved: 0 }), usual).decision).toMatchObject({ interval: 80 });
});

it('moves no further out where anchors find no negative there', () => {
  const begun = startOfController(usual);
  expect(decide(begun, seen(0.9, { without: 0.5 }), usual).decision.negativeRank).toBe(4);
  expect(decide(begun, seen(0.1, { without: 0.5 }), usual).decision.negativeRank).toBe(2);
});

it('brings a plant whose active share follows share and rank to the set point and rests there', () => {
  // Random triplets are active by 10 %, mined ones of the nearest rank by 95 %, by 12 points less for each doubling.
  const plant = ({ minedShare, negativeRank }: ReturnType<typeof inUse>): number =>
    minedShare * Math.max(0, 0.95 - 0.12 * Math.log2(negativeRank)) + (1 - minedShare) * 0.1;
  for (const [minedShare, negativeRank] of [
    [0.1, 32],
    [1, 1],
    [0.5, 4],
  ] as const) {
    const given = { ...usual, minedShare, negativeRank };
    let state = startOfController(given);
    for (let round = 0; round < 40; round++) state = decide(state, seen(plant(inUse(state))), given).state;
    const rested = inUse(state);
    expect(Math.abs(plant(rested) - 0.5)).toBeLessThanOrEqual(0.08);
    expect(inUse(decide(state, seen(plant(rested)), given).state)).toEqual(rested);
  }
});
