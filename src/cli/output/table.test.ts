import { expect, test } from 'vitest';
import { columns, table } from './table.ts';

test('columns line up, numbers to the right', () => {
  expect(
    columns(
      [
        ['a', '1'],
        ['long', '1,000'],
      ],
      { right: [1] },
    ),
  ).toBe('a         1\nlong  1,000');
});

test('wide letters count two columns and marks none', () => {
  expect(
    columns([
      ['鳥', 'x'],
      ['ab', 'x'],
      ['e\u0301', 'x'],
    ]),
  ).toBe('鳥  x\nab  x\ne\u0301   x');
});

test('a table has a rule under its head', () => {
  expect(table(['name', 'n'], [['jay', '12']], [1])).toBe('name   n\n--------\njay   12');
});
