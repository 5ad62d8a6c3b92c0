import { describe, expect, it } from 'vitest';
import { formatDifference, formatFigure } from './format.ts';

describe('figures of unknown size', () => {
  it.each([
    [0, '0'],
    [0.63128, '0.6313'],
    [0.0001, '1e−4'],
    [-0.25, '−0.2500'],
    [-1234, '−1,234'],
    [12345, '12,345'],
    [12.3456, '12.35'],
    [Number.NaN, '–'],
    [null, '–'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('%s is written %s', (value, text) => {
    expect(formatFigure(value)).toBe(text);
  });

  it('writes differences with their sign', () => {
    expect(formatDifference(0.131)).toBe('+0.131');
    expect(formatDifference(-0.02)).toBe('−0.020');
  });
});
