import { expect, it } from 'vitest';
import { bestMatches } from './class-matches.ts';

const classes = [
  { name: 'Great Crow', images: 3 },
  { name: 'crow', images: 1 },
  { name: 'Escrow', images: 9 },
  { name: 'Crowned Crane', images: 5 },
  { name: 'Fish_crow', images: 8 },
  { name: 'Jay', images: 2 },
];

it('puts the exact name first, then beginnings, words, and the rest', () => {
  expect(bestMatches(classes, ' CROW ', 10).map((one) => one.name)).toEqual([
    'crow',
    'Crowned Crane',
    'Fish_crow',
    'Great Crow',
    'Escrow',
  ]);
});

it('gives the first classes for no words, and never more than asked', () => {
  expect(bestMatches(classes, '', 2)).toEqual(classes.slice(0, 2));
  expect(bestMatches(classes, 'c', 1)).toHaveLength(1);
  expect(bestMatches(classes, 'zebra', 5)).toEqual([]);
});
