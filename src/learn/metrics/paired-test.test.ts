import { expect, test } from 'vitest';
import { createRandom } from '../random/counter-random.ts';
import { pairedTests, signFlipP } from './paired-test.ts';

const classes = Array.from({ length: 120 }, (_, i) => i % 30);
const options = { samples: 200, seed: 3, classes, flips: 999 };

test('the p value of a few differences is the one that all signs give', () => {
  // Of 2^6 signs two have a sum as far from 0 as 6.
  expect(signFlipP([1, 1, 1, 1, 1, 1], 20_000, [1])).toBeCloseTo(2 / 64, 2);
  expect(signFlipP([1, -1], 99, [1])).toBe(1);
  expect(signFlipP([0, 0], 99, [1])).toBe(1);
});

test('what is better everywhere is told from chance, what is equal is not', () => {
  const random = createRandom(9);
  const a = Float64Array.from(classes, () => (random.next() < 0.4 ? 1 : 0));
  const better = a.map((value, i) => (i % 3 === 0 ? 1 : value));
  const { hit } = pairedTests({ hit: a }, { hit: better }, options);
  expect(hit.difference.low).toBeGreaterThan(0);
  expect(hit.p).toBeLessThan(0.01);
  expect(hit.classP).toBeLessThan(0.05);
  const none = pairedTests({ hit: a }, { hit: a }, options).hit;
  expect(none).toMatchObject({ p: 1, classP: 1, difference: { value: 0, low: 0, high: 0 } });
});

test('a turned comparison has the turned difference and the same p', () => {
  const random = createRandom(10);
  const a = Float64Array.from(classes, () => random.next());
  const b = Float64Array.from(classes, () => random.next());
  const there = pairedTests({ x: a }, { x: b }, options).x;
  const back = pairedTests({ x: b }, { x: a }, options).x;
  expect(back.difference.value).toBeCloseTo(-there.difference.value, 12);
  expect(back.p).toBe(there.p);
});

test('by chance alone p falls under 0.05 in about one of twenty', () => {
  let small = 0;
  for (let repetition = 0; repetition < 200; repetition++) {
    const random = createRandom(repetition, 77);
    const differences = Float64Array.from({ length: 60 }, () => Math.round(2 * random.next() - 1));
    if (signFlipP(differences, 199, [repetition]) < 0.05) small++;
  }
  expect(small).toBeLessThan(22);
});

test('queries of different number are refused', () => {
  expect(() => pairedTests({ x: [1] }, { x: [1, 2] }, { ...options, classes: [1] })).toThrow(
    'cannot be paired',
  );
});
