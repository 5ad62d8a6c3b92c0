import { describe, expect, it } from 'vitest';
import { readFixture } from '../../../test/parity/learn-fixture.ts';
import { type Schedule, cosine, exponential, polynomial, stepDecay } from './schedule.ts';

interface Params {
  readonly schedule: string;
  readonly baseLr: number;
  readonly milestones?: number[];
  readonly gamma?: number;
  readonly every?: number;
  readonly total?: number;
  readonly minLr?: number;
  readonly warmup?: number;
  readonly start?: number;
  readonly power?: number;
  readonly endLr?: number;
}

function scheduleOf(p: Params): Schedule {
  const { total = 1, gamma = 1, every = 1, minLr = 0, endLr = 0, baseLr } = p;
  switch (p.schedule) {
    case 'step':
      return stepDecay(p.milestones ?? [], gamma);
    case 'official-step':
      return stepDecay(
        Array.from({ length: 9 }, (_, i) => (i + 1) * every - 1),
        gamma,
      );
    case 'cosine':
      return cosine(total, 0, 0, minLr / baseLr);
    case 'warmup-cosine':
      return cosine(total, p.warmup, p.start, minLr / baseLr);
    case 'polynomial':
      return polynomial(total, p.power, endLr / baseLr);
    default:
      return exponential(gamma);
  }
}

describe('schedules against reference values', () => {
  const { cases } = readFixture<Params, unknown, { lr: number[] }>('optim/schedules');
  it.each(cases.map((c) => [c.name, c] as const))('%s', (_, { params, expected }) => {
    const schedule = scheduleOf(params);
    expect(expected.lr.length).toBeGreaterThan(5);
    for (const [t, rate] of expected.lr.entries()) {
      expect(Math.abs(schedule(t) * params.baseLr - rate)).toBeLessThanOrEqual(1e-15 + 1e-9 * rate);
    }
  });
});
