import { expect, test } from 'vitest';
import { parseSettings } from './parse-settings.ts';

test('values are JSON where they are JSON and text otherwise', () => {
  const pairs = [
    'margin=0.02',
    'freezeStatistics=true',
    'initialisation=pca',
    'cropScale=[0.5,1]',
    'note=a=b',
  ];
  expect(parseSettings({ dim: 64, size: undefined }, pairs)).toEqual({
    dim: 64,
    margin: 0.02,
    freezeStatistics: true,
    initialisation: 'pca',
    cropScale: [0.5, 1],
    note: 'a=b',
  });
});

test('a pair without a key or given twice is refused', () => {
  expect(() => parseSettings({}, ['margin'])).toThrow(/KEY=VALUE, not "margin"/);
  expect(() => parseSettings({}, ['=3'])).toThrow(/KEY=VALUE/);
  expect(() => parseSettings({ dim: 64 }, ['dim=128'])).toThrow(/"dim" was given twice/);
});
