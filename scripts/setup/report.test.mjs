import assert from 'node:assert/strict';
import { afterEach, beforeEach, test, vi } from 'vitest';
import { formatBytes, progress, progressText } from './report.mjs';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const said = (done, seconds) => progressText({ done, total: 100e6, seconds, format: formatBytes });

test('how long it takes is said once three seconds and two hundredths are known', () => {
  assert.equal(said(50e6, 2), '50.0 MB of 100 MB, 25.0 MB/s');
  assert.equal(said(1e6, 5), '1.0 MB of 100 MB, 200 kB/s');
  assert.equal(said(50e6, 5), '50.0 MB of 100 MB, 10.0 MB/s, 5 s left');
});

test('more than the total is never said to be of it', () => {
  assert.equal(said(150e6, 10), '150 MB, 15.0 MB/s');
});

test('without a terminal the same count is said once, and one line sums up', () => {
  const lines = [];
  const bar = progress('packages', 4, { stream: { isTTY: false, write: (text) => lines.push(text) } });
  for (const done of [1, 4, 4, 4]) {
    vi.advanceTimersByTime(5000);
    bar.update(done);
  }
  bar.end('4');
  assert.deepEqual(
    lines.map((line) => line.split(',')[0]),
    ['  packages: 1 of 4', '  packages: 4 of 4', '  packages: 4 in 20 s\n'],
  );
});
