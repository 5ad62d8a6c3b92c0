import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRandom } from '#learn/random/counter-random.ts';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';
import { installFaiss } from './faiss/install-faiss.ts';
import { CLASSES, type SearchAnswer, type SearchRequest, classOf } from './search-set.ts';

const SET = { rows: 60_000, queries: 10_000, dim: 64 } as const;
/** Wide enough that the vectors outweigh the libraries. */
const LARGE = { rows: 60_000, queries: 1, dim: 256 } as const;
const LINKS = 32;
const WIDTH = 112;
const RECALL = 0.95;
const ROUNDS = 3;
const MINE_MS = 15_000;

export const searchBench: Bench = {
  name: 'search',
  title: 'Neighbours of 10,000 x 60,000 x 64, exactly and by a graph, against faiss; mining; memory',
  async run(context) {
    const files = await vectorFiles(context.folder, 'small', SET);
    const rows: BenchRow[] = [];
    if (context.faiss) {
      const python = await installFaiss(context.log);
      for (const threads of [1, 2]) rows.push(...(await compare(threads, files, python, context)));
    } else context.log('faiss left out: --against faiss installs it and makes the comparison');
    rows.push(await mining(files, context), await memory(context));
    return rows;
  },
};

/** Both sides in processes of their own, asked in turn, so that a machine whose speed drifts disturbs both alike. */
async function compare(
  threads: number,
  files: readonly string[],
  python: string,
  { log }: BenchContext,
): Promise<BenchRow[]> {
  const ours = startOurs(threads, files, SET.dim);
  const theirs = start(
    python,
    [join('faiss', 'search_peer.py'), ...files, String(SET.dim), String(LINKS)],
    threads,
  );
  const on = threads === 1 ? '1 thread' : `${threads} threads`;
  let version = '';
  const pair = async (name: string, target: number, mine: SearchRequest, other: SearchRequest) => {
    const times: Record<'ours' | 'theirs', SearchAnswer[]> = { ours: [], theirs: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.ours.push(await ours.ask(mine));
      times.theirs.push(await theirs.ask(other));
    }
    const middle = (side: 'ours' | 'theirs', of: 'ms' | 'cpu') => median(times[side].map((one) => one[of]));
    version = times.theirs[0]!.faiss ?? '';
    const [a, b] = [middle('ours', 'cpu'), middle('theirs', 'cpu')];
    log(`${name}, ${on}: CPU time ${a.toFixed(0)} ms to ${b.toFixed(0)} ms, ${(a / b).toFixed(2)}`);
    return row(
      `${name}, ${on}`,
      'ms',
      middle('ours', 'ms'),
      middle('theirs', 'ms'),
      `faiss ${version}`,
      target,
    );
  };
  try {
    await Promise.all([ours.ask({ work: 'exact' }), theirs.ask({ work: 'exact' })]); // warm-up
    const exact = await pair('exact top-10 of 10,000 x 60,000 x 64', 1, { work: 'exact' }, { work: 'exact' });
    const build = await pair('graph of 60,000 x 64', 1.2, { work: 'build', width: WIDTH }, { work: 'build' });
    const { value: recall = 0 } = await ours.ask({ work: 'query', width: WIDTH });
    if (recall < RECALL - 0.005) throw new Error(`the graph's recall is ${recall}`);
    const width = await leastWidth(theirs, recall);
    log(`recall@10 ${recall.toFixed(3)}: ours keeps ${WIDTH} candidates, faiss ${width}`);
    const query = await pair(
      `10,000 queries of a graph at recall ${recall.toFixed(3)}`,
      1.2,
      { work: 'query', width: WIDTH },
      { work: 'query', width },
    );
    return [exact, build, query];
  } finally {
    ours.close();
    theirs.close();
  }
}

/** The fewest candidates, in fours, with which a graph has a recall. */
async function leastWidth(side: Side, recall: number): Promise<number> {
  let [tooFew, enough] = [12, 512];
  while (enough - tooFew > 4) {
    const width = 4 * Math.round((tooFew + enough) / 8);
    const { value = 0 } = await side.ask({ work: 'query', width });
    if (value >= recall) enough = width;
    else tooFew = width;
  }
  return enough;
}

async function mining(files: readonly string[], { log }: BenchContext): Promise<BenchRow> {
  const ours = startOurs(2, files, SET.dim);
  try {
    const { ms, cpu } = await ours.ask({ work: 'mine' });
    log(`mining: CPU time ${(cpu / 1000).toFixed(1)} s of all threads`);
    return row('mining 60,000 x 64 anew, 2 threads', 'ms', ms, MINE_MS, 'budget', 1);
  } finally {
    ours.close();
  }
}

/** What building and asking a graph adds to a process that has the vectors, and the vectors. */
async function memory({ folder }: BenchContext): Promise<BenchRow> {
  const ours = startOurs(2, await vectorFiles(folder, 'large', LARGE), LARGE.dim);
  try {
    await ours.ask({ work: 'build', width: WIDTH });
    const { megabytes = Number.NaN } = await ours.ask({ work: 'memory' });
    const raw = (LARGE.rows * LARGE.dim * 4) / 2 ** 20;
    return row('memory with a graph of 60,000 x 256', 'MB', raw + megabytes, 3 * raw, '3 x the vectors', 1);
  } finally {
    ours.close();
  }
}

/** Unit vectors around the centres of classes, in the order of no class. @returns files of the vectors and of queries */
async function vectorFiles(
  folder: string,
  name: string,
  { rows, queries, dim }: typeof SET | typeof LARGE,
): Promise<string[]> {
  const random = createRandom(1);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const centers = Float32Array.from({ length: CLASSES * dim }, normal);
  const made = (count: number, of: (row: number) => number): Float32Array => {
    const all = new Float32Array(count * dim);
    for (let at = 0; at < all.length; at += dim) {
      const from = of(at / dim) * dim;
      const vector = all.subarray(at, at + dim);
      for (let d = 0; d < dim; d++) vector[d] = centers[from + d]! + 0.7 * normal();
      const length = Math.hypot(...vector);
      for (let d = 0; d < dim; d++) vector[d]! /= length;
    }
    return all;
  };
  const paths = ['vectors', 'queries'].map((kind) => join(folder, `${name}-${kind}.f32`));
  await writeFile(paths[0]!, made(rows, classOf));
  await writeFile(
    paths[1]!,
    made(queries, () => random.below(CLASSES)),
  );
  return paths;
}

const startOurs = (threads: number, files: readonly string[], dim: number): Side =>
  start(process.execPath, ['search-ours.ts', String(threads), ...files, String(dim)], threads);

interface Side {
  ask(request: SearchRequest): Promise<SearchAnswer>;
  close(): void;
}

function start(program: string, [script = '', ...rest]: readonly string[], threads: number): Side {
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
      return JSON.parse(value) as SearchAnswer;
    },
    close: () => child.stdin.end(),
  };
}
