import path from 'node:path';
import { expect, test } from 'vitest';
import { isBelow } from './is-below.ts';

test.each([
  ['/a/b/c', true],
  ['/a/b/..c', true],
  ['/a/b/..c/d', true],
  ['/a/b', false],
  ['/a/bc', false],
  ['/a', false],
  ['/a/b/../c', false],
  ['/', false],
])('%s below /a/b: %s', (target, below) => {
  expect(isBelow(path.posix, '/a/b', target)).toBe(below);
});

test('another drive is not below', () => {
  expect(isBelow(path.win32, 'C:\\a', 'C:\\a\\..b')).toBe(true);
  expect(isBelow(path.win32, 'C:\\a', 'D:\\a\\b')).toBe(false);
});
