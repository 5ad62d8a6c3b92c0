import { describe, expect, it } from 'vitest';
import { formatDifference, formatFigure, formatTick } from './format.ts';

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

  it('gives every tick of an axis as many decimals as its steps need', () => {
    expect([0.1, 0.15].map((tick) => formatTick(tick, 0.25))).toEqual(['0.10', '0.15']);
    expect(formatTick(-200, 500)).toBe('−200');
    expect(formatTick(1e-5, 1e-4)).toBe('1e−5');
  });

  it('writes differences with their sign', () => {
    expect(formatDifference(0.131)).toBe('+0.131');
    expect(formatDifference(-0.02)).toBe('−0.020');
    expect(formatDifference(-0.0000123, 4)).toBe('−1.2e−5');
    expect(formatDifference(0.00001, 4)).toBe('+1e−5');
    expect(formatDifference(0, 4)).toBe('0.0000');
  });
});
