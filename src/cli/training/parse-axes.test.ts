import { expect, test } from 'vitest';
import { parseAxes } from './parse-axes.ts';

test('values are numbers and switches where they are such, and texts otherwise', () => {
  expect(parseAxes(['scale=10, 20,4e1', 'flip=true,false', 'method=soft-triple,proxy-nca'])).toEqual({
    scale: [10, 20, 40],
    flip: [true, false],
    method: ['soft-triple', 'proxy-nca'],
  });
});

test('a range has two ends, and options after colons', () => {
  const range = { scale: 'linear', steps: 5, whole: false };
  expect(parseAxes(['margin=0..0.5', 'rate=1e-4..1e-2:log', 'K=1..10:whole:4', 'shift=-1..-0.5:3'])).toEqual({
    margin: { ...range, from: 0, to: 0.5 },
    rate: { ...range, from: 1e-4, to: 1e-2, scale: 'log' },
    K: { ...range, from: 1, to: 10, whole: true, steps: 4 },
    shift: { ...range, from: -1, to: -0.5, steps: 3 },
  });
});

test('what is not a field with values is refused by name', () => {
  expect(() => parseAxes(['scale'])).toThrow(/FIELD=VALUES, not "scale"/);
  expect(() => parseAxes(['scale='])).toThrow(/FIELD=VALUES/);
  expect(() => parseAxes(['a=1', 'a=2'])).toThrow(/"a" varies twice/);
  expect(() => parseAxes(['a=1..2:cubic'])).toThrow(/not "cubic"/);
  expect(() => parseAxes(['a=1e..2'])).toThrow(/two numbers/);
});
