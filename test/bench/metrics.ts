import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';
import { installTorch } from './torch/torch-peer.ts';

export interface MetricsRequest {
  readonly work: 'retrieval' | 'clustering';
  readonly rows: number;
  readonly dim: number;
  /** Images of each class. */
  readonly each: number;
  readonly repeat: number;
  /** Of recall; ours only. */
  readonly ranks?: readonly number[];
}

interface Answer {
  readonly ms: readonly number[];
  readonly value: number;
  readonly megabytes?: number;
  readonly torch?: string;
}

const SET = { rows: 20_000, dim: 128, each: 10, repeat: 1 } as const;
/** The test part of Stanford Online Products. */
const LARGE: MetricsRequest = {
  work: 'retrieval',
  rows: 60_502,
  dim: 512,
  each: 5,
  repeat: 1,
  ranks: [1, 10, 100, 1000],
};
const LARGE_MB = 4000;
const ROUNDS = 5;

const CASES = [1, 2].flatMap((threads) =>
  (['retrieval', 'clustering'] as const).map((work) => ({
    name: `${work} scores of 20,000 x 128, ${threads === 1 ? '1 thread' : `${threads} threads`}`,
    request: { ...SET, work },
    threads,
  })),
);

/** The large set takes a minute and is asked for: `npm run bench -- --only metrics-large`. */
export const metricsLargeBench: Bench = {
  name: 'metrics-large',
  title: 'Recall up to 1000 and MRR of 60,502 x 512, memory',
  optIn: true,
  async run({ log }) {
    const ours = start(process.execPath, ['metrics-ours.ts', '2'], 2);
    try {
      const { ms, megabytes = Number.NaN } = await ours.ask(LARGE);
      log(`60,502 x 512: ${(ms[0]! / 1000).toFixed(1)} s on two threads, ${megabytes.toFixed(0)} MB`);
      return [row('memory for the scores of 60,502 x 512', 'MB', megabytes, LARGE_MB, 'budget', 1)];
    } finally {
      ours.close();
    }
  },
};

export const metricsBench: Bench = {
  name: 'metrics',
  title: 'Retrieval scores, and ten iterations of k-means, of 20,000 x 128, against PyTorch',
  async run(context) {
    if (!context.torch) {
      context.log('left out: --against torch installs PyTorch and makes the comparison');
      return [];
    }
    const python = await installTorch(context.log);
    const rows: BenchRow[] = [];
    for (const one of CASES) rows.push(await compare(one, python, context));
    return rows;
  },
};

/** Both sides in processes of their own, asked in turn, so that a machine whose speed drifts disturbs both alike. */
async function compare(
  { name, request, threads }: (typeof CASES)[number],
  python: string,
  context: BenchContext,
): Promise<BenchRow> {
  const theirs = start(python, [join('torch', 'metrics_peer.py')], threads);
  const ours = start(process.execPath, ['metrics-ours.ts', String(threads)], threads);
  try {
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    let version = '';
    for (let round = 0; round <= ROUNDS; round++) {
      const mine = await ours.ask(request);
      const other = await theirs.ask(request);
      version = other.torch ?? '';
      if (round === 0) continue; // warm-up
      times.ours.push(...mine.ms);
      times.theirs.push(...other.ms);
    }
    const made = row(name, 'ms', median(times.ours), median(times.theirs), `PyTorch ${version}`, 1);
    context.log(`${name}: ${made.ours.toFixed(0)} ms to ${made.theirs.toFixed(0)} ms`);
    return made;
  } finally {
    theirs.close();
    ours.close();
  }
}

function start(
  program: string,
  [script = '', ...rest]: readonly string[],
  threads: number,
): { ask(request: MetricsRequest): Promise<Answer>; close(): void } {
  const child = spawn(program, [join(import.meta.dirname, script), ...rest], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} ended before it answered; its message is above.`);
      return JSON.parse(value) as Answer;
    },
    close: () => child.stdin.end(),
  };
}
