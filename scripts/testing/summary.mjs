/** The end of `npm test`: a row a suite, what failed, what was skipped and why, and one line of totals. */
export function summary(results) {
  const lines = ['', 'Suites'];
  const width = Math.max(...results.map(({ suite }) => suite.length));
  for (const { suite, passed, failed, skipped, seconds } of results) {
    const counts = `${passed} passed, ${failed.length} failed, ${skipped.length} skipped`;
    lines.push(
      `  ${failed.length > 0 ? 'x' : ' '} ${suite.padEnd(width)}  ${counts}  (${seconds.toFixed(1)} s)`,
    );
  }
  const list = (title, rows) => {
    if (rows.length > 0) lines.push('', title, ...rows.map((row) => `  ${row}`));
  };
  const first = (message) => message.split('\n')[0];
  list(
    'Failed',
    results.flatMap(({ suite, failed }) =>
      failed.map((each) => `[${suite}] ${each.name}: ${first(each.message)}`),
    ),
  );
  list(
    'Skipped',
    results.flatMap(({ suite, skipped }) => skipped.map((each) => `[${suite}] ${each.name}: ${each.reason}`)),
  );
  const sum = (count) => results.reduce((total, result) => total + count(result), 0);
  const failed = sum((result) => result.failed.length);
  const totals = `${sum((result) => result.passed)} passed, ${failed} failed, ${sum((result) => result.skipped.length)} skipped`;
  lines.push('', totals);
  return { text: lines.join('\n'), failed };
}
