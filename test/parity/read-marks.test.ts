import { expect, test } from 'vitest';
import { chosen, flagOf, numberOf } from './case.ts';
import { withReadMarks } from './read-marks.ts';

test('names params that nobody read, but not those that only describe the case', () => {
  const { params, unread } = withReadMarks({ loss: 'circle', m: 0.4, gamma: 80, reduction: 'sum' });
  expect(numberOf(params['m'])).toBe(0.4);
  expect(unread()).toEqual(['gamma', 'reduction']);
});

test('a value that no choice names is an error, and so is no number', () => {
  expect(() => chosen({ reduction: 'sum' }, 'reduction', { mean: 1 })).toThrow(
    'nothing here knows reduction "sum": mean',
  );
  expect(() => chosen({}, 'reduction', { mean: 1 })).toThrow(RangeError);
  expect(chosen({}, 'reduction', { mean: 1 }, 'mean')).toBe(1);
  expect(flagOf({ squared: false }, 'squared', true)).toBe(false);
  expect(() => numberOf(null)).toThrow('null stands where a number is wanted');
});
