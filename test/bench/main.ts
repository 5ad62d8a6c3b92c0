import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, BenchRow } from './bench.ts';
import { engineBench } from './engine.ts';
import { gridBench } from './grid.ts';
import { headBench } from './head.ts';
import { importBench } from './import.ts';
import { launchBench } from './launch.ts';
import { metricsBench, metricsLargeBench } from './metrics.ts';
import { searchBench } from './search.ts';
import { trainingBench } from './training.ts';

/**
 * `npm run bench [-- --against torch] [--only NAME]`: ratios against named peers, measured side by side in this run.
 * Exit status 1 where a promise is not kept; with `--json` whoever reads the rows judges them.
 */
const BENCHES: readonly Bench[] = [
  importBench,
  trainingBench,
  headBench,
  engineBench,
  gridBench,
  launchBench,
  metricsBench,
  metricsLargeBench,
  searchBench,
];

const { values } = parseArgs({
  options: {
    against: { type: 'string', multiple: true },
    only: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
  },
});

const against = values.against ?? [];
const unknown = (values.only ?? []).filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0 || against.some((name) => name !== 'torch' && name !== 'faiss')) {
  const names = BENCHES.map((bench) => bench.name).join(', ');
  process.stderr.write(`bench: --only takes one of ${names}; --against takes torch or faiss.\n`);
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), 'plumage-bench-'));
const rows: BenchRow[] = [];
/** One that fails does not take the others' figures along. */
const failed: string[] = [];
try {
  for (const bench of BENCHES) {
    if (values.only ? !values.only.includes(bench.name) : bench.optIn === true) continue;
    process.stderr.write(`${bench.title}\n`);
    const log = (message: string): void => void process.stderr.write(`  ${message}\n`);
    try {
      rows.push(
        ...(await bench.run({
          torch: against.includes('torch'),
          faiss: against.includes('faiss'),
          folder,
          log,
        })),
      );
    } catch (error) {
      failed.push(bench.name);
      log(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
}

if (values.json) process.stdout.write(`${JSON.stringify({ rows })}\n`);
else for (const line of table(rows)) process.stdout.write(`${line}\n`);
const kept = failed.length === 0 && (values.json || rows.every(({ ratio, target }) => ratio <= target));
process.exitCode = kept ? 0 : 1;

function table(measured: readonly BenchRow[]): string[] {
  const cells = measured.map((r) => [
    r.name,
    `${r.ours.toFixed(1)} ${r.unit}`,
    `${r.theirs.toFixed(1)} ${r.unit}`,
    r.ratio.toFixed(2),
    `at most ${r.target.toFixed(2)}`,
    r.against,
  ]);
  const all = [['what', 'ours', 'theirs', 'ratio', 'promised', 'against'], ...cells];
  const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((cell) => cell[column]?.length ?? 0)));
  return all.map((cell) =>
    cell
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
