import assert from 'node:assert/strict';
import { test } from 'vitest';
import { resultOf } from './run-suite.mjs';
import { summary } from './summary.mjs';

const vitest = { name: 'unit', kind: 'vitest', args: [] };
const check = { name: 'eslint', kind: 'check', args: [] };

test('a check counts as one test', () => {
  assert.deepEqual(resultOf(check, 0, undefined), { passed: 1, failed: [], skipped: [] });
  assert.equal(resultOf(check, 1, undefined).failed.length, 1);
});

test('a suite that ran nothing, died, or ended badly without saying why has failed', () => {
  assert.match(
    resultOf(vitest, 0, { passed: 0, failed: [], skipped: [] }).failed[0].message,
    /no test was found/,
  );
  assert.match(resultOf(vitest, 139, undefined).failed[0].message, /exit code 139 before it reported/);
  assert.match(resultOf(vitest, 1, { passed: 3, failed: [], skipped: [] }).failed[0].message, /exit code 1/);
  assert.deepEqual(resultOf(vitest, 0, { passed: 3, failed: [], skipped: [] }).failed, []);
});

test('the last line has the totals; failures and skips are named with their reasons', () => {
  const results = [
    {
      suite: 'unit',
      passed: 3,
      failed: [{ name: 'a > b', message: 'expected 1\nmore' }],
      skipped: [],
      seconds: 1,
    },
    { suite: 'e2e', passed: 0, failed: [], skipped: [{ name: 'e2e', reason: 'no display' }], seconds: 0 },
  ];
  const { text, failed } = summary(results);
  assert.equal(failed, 1);
  const lines = text.split('\n');
  assert.equal(lines.at(-1), '3 passed, 1 failed, 1 skipped');
  assert.ok(lines.includes('  [unit] a > b: expected 1'));
  assert.ok(lines.includes('  [e2e] e2e: no display'));
});
