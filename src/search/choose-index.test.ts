import { expect, test } from 'vitest';
import { chooseIndex, memoryOf, wholeSetCrossover } from './choose-index.ts';

const plan = { rows: 60_000, dim: 64, queries: 60_000, device: 'cpu' } as const;

test('the whole of a small set is searched exactly, of a large one by a graph', () => {
  expect(chooseIndex(plan).kind).toBe('exact');
  expect(chooseIndex({ ...plan, rows: 1e6, queries: 1e6 }).kind).toBe('hnsw');
  const crossover = wholeSetCrossover(64, 'cpu');
  const at = (rows: number) => chooseIndex({ ...plan, rows, queries: rows }).kind;
  expect([at(crossover * 0.9), at(crossover * 1.1)]).toEqual(['exact', 'hnsw']);
  expect(crossover).toBeGreaterThan(100_000);
  expect(crossover).toBeLessThan(400_000);
  expect(wholeSetCrossover(64, 'gpu')).toBeGreaterThan(2 * crossover);
});

test('one query builds no graph, and uses one that is there; scores are always exact', () => {
  const one = { ...plan, rows: 1e6, queries: 1 };
  expect(chooseIndex(one).kind).toBe('exact');
  expect(chooseIndex({ ...one, kept: true }).kind).toBe('hnsw');
  expect(chooseIndex({ ...one, kept: true, mustBeExact: true })).toMatchObject({
    kind: 'exact',
    reason: expect.stringContaining('Scores are exact. 1 queries of 1,000,000 x 64') as string,
  });
});

test('memory is said beforehand', () => {
  expect(memoryOf({ rows: 1e6, dim: 128 }, 'hnsw').memory).toBe(
    "A graph with half precision takes about 573 MB beside the vectors' 489 MB.",
  );
  const [full, half, byte] = (['float32', 'half', 'int8'] as const).map(
    (storage) => memoryOf({ rows: 1e6, dim: 128 }, 'hnsw', storage).bytes,
  );
  expect(full! - half!).toBe(256e6);
  expect(half! - byte!).toBe(128e6);
  expect(chooseIndex(plan).memory).toContain('An exact search takes about');
});
