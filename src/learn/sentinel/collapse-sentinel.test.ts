import { describe, expect, it } from 'vitest';
import { CollapseSentinel, type SentinelFacts } from './collapse-sentinel.ts';
import type { Finding } from './finding.ts';

const facts = (rest: Partial<SentinelFacts> = {}): SentinelFacts => ({
  methodId: 'triplet',
  method: { margin: 0.2, mining: 'batch-hard' },
  collapsedLoss: 0.2,
  ...rest,
});
const healthy = { loss: 0.1, gradientNorm: 1, embeddingSpread: 0.9 };

function firstFinding(
  sentinel: CollapseSentinel,
  steps: number,
  measures: (step: number) => Partial<typeof healthy>,
): Finding | null {
  for (let step = 1; step <= steps; step++) {
    const found = sentinel.observeStep(step, { ...healthy, ...measures(step) });
    if (found) return found;
  }
  return null;
}

describe('the collapse sentinel', () => {
  it('is silent while a run goes well, also where single batches look bad', () => {
    const sentinel = new CollapseSentinel(facts());
    expect(
      firstFinding(sentinel, 500, (step) => (step % 10 === 0 ? { loss: 0.2, embeddingSpread: 0 } : {})),
    ).toBeNull();
  });

  it('hears numbers that are not finite at once', () => {
    const found = firstFinding(new CollapseSentinel(facts()), 5, (step) => (step === 3 ? { loss: NaN } : {}));
    expect(found).toMatchObject({ kind: 'not-finite', step: 3, change: { rateFactor: 0.1, clipNorm: 1 } });
    const gradient = firstFinding(new CollapseSentinel(facts()), 1, () => ({ gradientNorm: Infinity }));
    expect(gradient?.sentence).toMatch(/The gradient was no longer a finite number at step 1/);
  });

  it('blames a scale that is far too high', () => {
    const sharp = facts({ methodId: 'soft-triple', method: { scale: 900 } });
    const found = firstFinding(new CollapseSentinel(sharp), 1, () => ({ loss: Infinity }));
    expect(found?.change).toMatchObject({ method: { scale: 20 } });
    expect(found?.sentence).toMatch(/from 900 to 20/);
  });

  it('sees embeddings fall into one point, once, and again after a restart', () => {
    const sentinel = new CollapseSentinel(facts());
    const narrow = (): Partial<typeof healthy> => ({ embeddingSpread: 0.001 });
    const found = firstFinding(sentinel, 60, narrow);
    expect(found).toMatchObject({ kind: 'collapsed', step: 25, change: { method: { mining: 'semi-hard' } } });
    expect(firstFinding(sentinel, 200, narrow)).toBeNull();
    sentinel.restart();
    expect(firstFinding(sentinel, 60, narrow)?.kind).toBe('collapsed');
  });

  it('sees a loss stuck at the margin after the first steps, and names the margin', () => {
    const found = firstFinding(new CollapseSentinel(facts()), 200, () => ({ loss: 0.2005 }));
    expect(found).toMatchObject({ kind: 'stuck', step: 101, change: { rateFactor: 0.3 } });
    expect(found?.sentence).toMatch(/stays at 0\.200, its margin/);
    const unknown = new CollapseSentinel(facts({ collapsedLoss: null }));
    expect(firstFinding(unknown, 200, () => ({ loss: 0.2 }))).toBeNull();
  });

  it('counts dead centres at the end of an epoch and proposes fewer', () => {
    const sentinel = new CollapseSentinel(
      facts({ methodId: 'soft-triple', method: { centersPerClass: 10 } }),
    );
    expect(sentinel.observeEpoch(10, { centerUtilization: 0.8 })).toBeNull();
    expect(sentinel.observeEpoch(20, { distinctCenters: 2 })).toBeNull();
    const found = sentinel.observeEpoch(30, { centerUtilization: 0.3 });
    expect(found).toMatchObject({ kind: 'dead-centers', change: null });
    expect(found?.sentence).toMatch(/Only 30 % .* with 3 centres a class/);
  });
});
