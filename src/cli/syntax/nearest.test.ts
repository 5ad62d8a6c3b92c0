import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const COMMANDS = ['import', 'split', 'train', 'embed', 'evaluate', 'neighbors', 'mine', 'serve'];

test.each([
  ['trian', 'train'],
  ['imprt', 'import'],
  ['NEIGHBORS', 'neighbors'],
  ['neighbours', 'neighbors'],
  ['eval', 'evaluate'],
])('%s means %s', (typed, meant) => {
  expect(nearest(typed, COMMANDS)).toBe(meant);
});

test('a word like none of them has no suggestion', () => {
  expect(nearest('xyzzy', COMMANDS)).toBeUndefined();
  expect(didYouMean('xyzzy', COMMANDS)).toBe('');
});
