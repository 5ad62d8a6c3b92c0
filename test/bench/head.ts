import { join } from 'node:path';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';
import { LinePeer } from './line-peer.ts';
import { installTorch } from './torch/torch-peer.ts';

/** SoftTriple's head: a batch of embeddings against the centres of so many classes. */
export interface HeadRequest {
  readonly classes: number;
  readonly centersPerClass: number;
  readonly dim: number;
  readonly batch: number;
  readonly repeat: number;
}

export interface HeadAnswer {
  readonly ms: readonly number[];
  readonly loss: number;
  /** Largest resident memory of the process so far. */
  readonly peakMB: number;
  readonly torch?: string;
}

/** The classes of Stanford Online Products' training half. */
const SOP: HeadRequest = { classes: 11_318, centersPerClass: 2, dim: 64, batch: 32, repeat: 5 };
const ROUNDS = 6;

export const headBench: Bench = {
  name: 'head',
  title: 'Loss and gradients of SoftTriple at 11,318 classes, against PyTorch (eager, class by class)',
  async run(context) {
    if (!context.torch) return [];
    const python = await installTorch(context.log);
    const rows: BenchRow[] = [];
    for (const threads of [1, 2]) rows.push((await compare(python, SOP, threads, context)).time);
    const ten = await compare(python, { ...SOP, centersPerClass: 10 }, 2, context);
    return [...rows, ten.time, ten.memory];
  },
};

/** Both sides in processes of their own, asked in turn, so that a machine whose speed drifts disturbs both alike. */
async function compare(
  python: string,
  request: HeadRequest,
  threads: number,
  { log }: BenchContext,
): Promise<{ time: BenchRow; memory: BenchRow }> {
  const script = (name: string): string => join(import.meta.dirname, name);
  const ours = new LinePeer<HeadRequest, HeadAnswer>(process.execPath, [
    script('head-ours.ts'),
    String(threads),
  ]);
  const theirs = new LinePeer<HeadRequest, HeadAnswer>(python, [script('torch/head_peer.py')], {
    OMP_NUM_THREADS: String(threads),
  });
  try {
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    let [peak, otherPeak, version] = [0, 0, ''];
    for (let round = 0; round <= ROUNDS; round++) {
      const mine = await ours.ask(request);
      const other = await theirs.ask(request);
      [peak, otherPeak, version] = [mine.peakMB, other.peakMB, other.torch ?? ''];
      if (round === 0) continue; // warm-up: recording here, memory planning there
      times.ours.push(...mine.ms);
      times.theirs.push(...other.ms);
    }
    const name = `head, K = ${String(request.centersPerClass)}, ${String(threads)} ${threads === 1 ? 'thread' : 'threads'}`;
    const against = `PyTorch ${version}`;
    const time = row(name, 'ms', median(times.ours), median(times.theirs), against, 1);
    log(`${name}: ${time.ours.toFixed(1)} ms to ${time.theirs.toFixed(1)} ms`);
    return { time, memory: row(`${name}, peak memory`, 'MB', peak, otherPeak, against, 2) };
  } finally {
    ours.close();
    theirs.close();
  }
}
