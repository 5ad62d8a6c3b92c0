import { describe, expect, it } from 'vitest';
import { ShuffledBatches } from './shuffled-batches.ts';

describe('ShuffledBatches', () => {
  it('shows every sample at most once an epoch, in a new order each epoch', () => {
    const batches = new ShuffledBatches(100, 32, 5);
    expect(batches.stepsPerEpoch).toBe(3);
    const epoch = (e: number): number[] => [0, 1, 2].flatMap((i) => [...batches.samplesOf(e * 3 + i)]);
    expect(new Set(epoch(0)).size).toBe(96);
    expect(epoch(0)).not.toEqual(epoch(1));
  });

  it('is a function of seed and step, in any order of asking', () => {
    const forward = new ShuffledBatches(50, 8, 1);
    const early = forward.samplesOf(2);
    const late = forward.samplesOf(17);
    const again = new ShuffledBatches(50, 8, 1);
    expect(again.samplesOf(17)).toEqual(late);
    expect(again.samplesOf(2)).toEqual(early);
    expect(new ShuffledBatches(50, 8, 2).samplesOf(2)).not.toEqual(early);
  });

  it('makes one smaller batch of few samples', () => {
    const few = new ShuffledBatches(3, 32, 1);
    expect([few.batch, few.stepsPerEpoch]).toEqual([3, 1]);
    expect([...few.samplesOf(9)].sort()).toEqual([0, 1, 2]);
  });
});
