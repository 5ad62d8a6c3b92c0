import { describe, expect, it } from 'vitest';
import { createRandom, shuffledIndices } from './counter-random.ts';

describe('createRandom', () => {
  it('depends on its keys and nothing else', () => {
    const draw = (...keys: number[]): number[] => {
      const random = createRandom(...keys);
      return [random.next(), random.next(), random.next()];
    };
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
    expect(draw(1, 2, 3)).not.toEqual(draw(1, 3, 2));
    expect(draw(0)).not.toEqual(draw(0, 0));
  });

  it('is uniform and normal as far as moments tell', () => {
    const random = createRandom(7);
    const count = 20_000;
    const uniform = Array.from({ length: count }, () => random.next());
    const normal = Array.from({ length: count }, () => random.normal());
    const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(uniform)).toBeCloseTo(0.5, 1.7);
    expect(mean(uniform.map((v) => v * v))).toBeCloseTo(1 / 3, 1.7);
    expect(mean(normal)).toBeCloseTo(0, 1.5);
    expect(mean(normal.map((v) => v * v))).toBeCloseTo(1, 1.2);
  });

  it('does not correlate neighbouring keys', () => {
    const firsts = Array.from({ length: 4000 }, (_, i) => createRandom(5, 1, i).next());
    let product = 0;
    for (let i = 1; i < firsts.length; i++)
      product += ((firsts[i] as number) - 0.5) * ((firsts[i - 1] as number) - 0.5);
    expect(Math.abs(product / firsts.length / (1 / 12))).toBeLessThan(0.06);
  });
});

describe('shuffledIndices', () => {
  it('holds every index once, in another order for another key', () => {
    const a = shuffledIndices(1000, createRandom(1));
    expect([...a].sort((x, y) => x - y)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(a).not.toEqual(shuffledIndices(1000, createRandom(2)));
  });
});
