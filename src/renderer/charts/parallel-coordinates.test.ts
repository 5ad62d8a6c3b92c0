import { expect, test } from 'vitest';
import { cutTo, parallelAxis, spacedTicks } from './parallel-coordinates.ts';

test('numbers stand on a line, or on a logarithmic one where they span decades', () => {
  const linear = parallelAxis('scale', [10, 20, 30]);
  expect([10, 20, 30].map((value) => linear.place(value))).toEqual([0, 0.5, 1]);
  const log = parallelAxis('rate', [1e-5, 1e-3, 1e-1]);
  expect(log.place(1e-3)).toBeCloseTo(0.5);
  expect(log.ticks.map(({ label }) => label)).toEqual(['0.00001', '0.001', '0.1']);
});

test('one value stands in the middle, many are named at the ends and in the middle', () => {
  expect(parallelAxis('dim', [64, 64]).place(64)).toBe(0.5);
  const many = parallelAxis('margin', [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
  expect(many.ticks.map(({ label }) => label)).toEqual(['0', '0.4', '0.8']);
});

test('texts and switches stand in the order in which they occur; what is missing stands nowhere', () => {
  const axis = parallelAxis('method', ['triplet', 'soft-triple', 'triplet', null]);
  expect([axis.place('triplet'), axis.place('soft-triple'), axis.place(null), axis.place('other')]).toEqual([
    0,
    1,
    null,
    null,
  ]);
  expect(parallelAxis('flip', [true, false]).ticks.map(({ label }) => label)).toEqual(['true', 'false']);
});

test('labels leave each other room: the ends stay, what is too near goes', () => {
  const ticks = [0, 0.02, 0.5, 0.53, 0.98, 1].map((at) => ({ label: String(at), at }));
  expect(spacedTicks(ticks, 0.1).map(({ at }) => at)).toEqual([0, 0.5, 1]);
  expect([cutTo('class-balanced', 40), cutTo('pca', 40)]).toEqual(['class…', 'pca']);
});
