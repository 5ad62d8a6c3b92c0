import { beforeAll, expect, it } from 'vitest';
import { type RunConfig, RunSettings } from '#learn/config.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { openBackend } from '../../backend/open-backend.ts';
import { MiningRounds } from './mining-rounds.ts';
import { solvedShare } from './solved-share.ts';

beforeAll(async () => {
  await openBackend('auto');
});

const labels = Int32Array.from({ length: 24 }, (_, i) => i % 4);
const nothing = (): void => undefined;

/** Unit rows, near their class's axis. */
function wholeOf(seed: number, spread: number) {
  const random = createRandom(seed);
  const rows = [...labels].map((label) => {
    const row = Array.from({ length: 4 }, (_, d) => (d === label ? 1 : 0) + spread * random.normal());
    return row.map((x) => x / Math.hypot(...row));
  });
  const embeddings = Float32Array.from(rows.flat());
  return { dim: 4, classes: 4, embeddings, raw: embeddings, labels };
}

function roundsOf(settings: Record<string, unknown>): MiningRounds {
  const config: RunConfig = {
    ...RunSettings.parse({ sampler: 'mined', ...settings }),
    methodId: 'smart-mining',
    method: {},
  };
  return new MiningRounds({ config, labels, classes: 4, stepsPerEpoch: 5, state: null, arrays: null });
}

it('is due at once, then by the interval; hands over whole triplets with their share', async () => {
  const rounds = roundsOf({ controller: 'fixed', minedShare: 0.8 });
  expect(rounds.until).toBe(0);
  expect(rounds.set).toBeNull();
  const round = await rounds.refresh(0, wholeOf(1, 0.4), nothing);
  expect(round).toMatchObject({ reason: null, solved: null, settings: { minedShare: 0.8, interval: 5 } });
  expect(rounds.until).toBe(5);
  const { anchors, positives, negatives, share, from } = rounds.set!;
  expect([share, from]).toEqual([0.8, 0]);
  for (const [i, anchor] of anchors.entries()) {
    expect(labels[positives[i]!]).toBe(labels[anchor]);
    expect(labels[negatives[i]!]).not.toBe(labels[anchor]);
  }
});

it('goes on with what it had where the embeddings cannot be mined', async () => {
  const rounds = roundsOf({ refreshEverySteps: 3 });
  await rounds.refresh(0, wholeOf(1, 0.4), nothing);
  const before = rounds.set!;
  const broken = wholeOf(2, 0.4);
  broken.embeddings[7] = NaN;
  await expect(rounds.refresh(3, broken, nothing)).rejects.toMatchObject({ code: 'bad-input' });
  expect(rounds.set!.anchors).toEqual(before.anchors);
  expect(rounds.set!.from).toBe(0);
  expect(rounds.until).toBeGreaterThan(3);
});

it('steers by what the steps measured, and starts a new count at each refresh', async () => {
  const rounds = roundsOf({ minedShare: 0.5, negativeRank: 4 });
  await rounds.refresh(0, wholeOf(1, 0.4), nothing);
  for (const active of [0, 0.2]) rounds.observe(active);
  rounds.observe(undefined);
  const easy = await rounds.refresh(5, wholeOf(1, 0.4), nothing);
  expect(easy.settings.minedShare).toBeCloseTo(0.7);
  expect(easy.settings.negativeRank).toBe(2);
  expect(easy.reason).toMatch(/^10 % of the triplets are active/);
  expect(rounds.state()).toMatchObject({ activeSum: 0, activeSteps: 0, from: 5 });
});

it('counts the active triplets that are solved', () => {
  const whole = wholeOf(3, 0);
  const triplets = {
    anchors: Int32Array.of(0, 1, 2),
    positives: Int32Array.of(4, 5, 6),
    negatives: Int32Array.of(1, 2, 3),
    active: Int32Array.of(1, 1, 0),
  };
  // Classes are single points, sqrt 2 apart.
  expect(solvedShare(triplets, whole, 0.2)).toBe(1);
  expect(solvedShare(triplets, whole, 1.5)).toBe(0);
  expect(solvedShare({ ...triplets, active: new Int32Array(3) }, whole, 0.2)).toBeNull();
});
