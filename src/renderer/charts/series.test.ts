import { describe, expect, it } from 'vitest';
import { toCsv } from './csv.ts';
import { alignSeries, lastValue, type LineSeries, seriesRows, thinned } from './series.ts';
import { niceTicks, paddedRange } from './ticks.ts';

const line = (id: string, x: number[], y: (number | null)[]): LineSeries => ({
  id,
  label: id,
  tone: 'accent',
  x,
  y,
});

describe('lines on one axis', () => {
  it('aligns lines that were measured at different steps', () => {
    expect(alignSeries([line('loss', [1, 2, 4], [3, 2, 1]), line('recall', [2, 3], [0.5, 0.6])])).toEqual({
      x: [1, 2, 3, 4],
      columns: [
        [3, 2, null, 1],
        [null, 0.5, 0.6, null],
      ],
    });
  });

  it('leaves out what is not a finite number', () => {
    const nan = line('loss', [1, 2, 3], [1, Number.NaN, Number.POSITIVE_INFINITY]);
    expect(alignSeries([nan]).columns[0]).toEqual([1, null, null]);
    expect(lastValue(nan)).toBe(1);
  });

  it('makes one row an x', () => {
    expect(seriesRows([line('a', [1], [2]), line('b', [3], [4])])).toEqual([
      [1, 2, null],
      [3, null, 4],
    ]);
  });

  it('thins to a limit and keeps both ends', () => {
    expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)).toEqual([0, 5, 10]);
    expect(thinned([1, 2], 3)).toEqual([1, 2]);
  });
});

describe('ticks', () => {
  it('are round and inside the range', () => {
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(niceTicks(0.13, 0.58, 4)).toEqual([0.2, 0.4]);
    expect(niceTicks(3, 3)).toEqual([3]);
    expect(niceTicks(Number.NaN, 1)).toEqual([]);
  });

  it('give flat and empty lines room', () => {
    expect(paddedRange([])).toEqual({ min: 0, max: 1 });
    expect(paddedRange([2, 2])).toEqual({ min: 1.8, max: 2.2 });
    expect(paddedRange([0.5, null], true).min).toBe(0);
  });
});

describe('CSV', () => {
  it('quotes what needs quotes and keeps formulas from running', () => {
    expect(
      toCsv(
        ['step', 'a "b", c'],
        [
          [1, null],
          [2, '=1+1'],
        ],
      ),
    ).toBe('step,"a ""b"", c"\r\n1,\r\n2,\'=1+1\r\n');
  });
});
