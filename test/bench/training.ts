import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';
import { measureLoader } from './loader.ts';
import { type TorchAnswer, TorchPeer, type TorchRequest, installTorch } from './torch/torch-peer.ts';

const TRAIN: TorchRequest = { work: 'train', size: 128, batch: 32, repeat: 4 };
const EMBED: TorchRequest = { work: 'embed', size: 160, batch: 32, repeat: 6 };
const ROUNDS = 7;

interface Case {
  readonly name: string;
  readonly request: TorchRequest;
  readonly threads: number;
  readonly target: number;
}

const CASES: readonly Case[] = [
  { name: 'training step, 1 thread', request: TRAIN, threads: 1, target: 1.15 },
  { name: 'training step, 2 threads', request: TRAIN, threads: 2, target: 1.5 },
  { name: 'embedding, 1 thread', request: EMBED, threads: 1, target: 0.5 },
  { name: 'embedding, 2 threads', request: EMBED, threads: 2, target: 0.5 },
];

export const trainingBench: Bench = {
  name: 'training',
  title:
    'Training step and embedding of MobileNetV2 0.35 with SoftTriple, against PyTorch (eager, channels last)',
  async run(context) {
    const waiting = await measureLoader(context);
    if (!context.torch) {
      context.log('the comparison is left out: --against torch installs PyTorch and makes it');
      return [waiting];
    }
    const python = await installTorch(context.log);
    const rows: BenchRow[] = [waiting];
    for (const one of CASES) rows.push(await compare(one, python, context));
    return rows;
  },
};

/** Both sides in processes of their own, asked in turn, so that a machine whose speed drifts disturbs both alike. */
async function compare(
  { name, request, threads, target }: Case,
  python: string,
  context: BenchContext,
): Promise<BenchRow> {
  const theirs = TorchPeer.start(python, threads);
  const ours = startOurs(threads, request.work);
  try {
    let version = '';
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      const mine = await ours.ask(request);
      const other = await theirs.ask(request);
      version = other.torch;
      if (round === 0) continue; // warm-up: recording here, memory planning there
      times.ours.push(...mine.ms);
      times.theirs.push(...other.ms);
    }
    const made = row(name, 'ms', median(times.ours), median(times.theirs), `PyTorch ${version}`, target);
    context.log(`${name}: ${made.ours.toFixed(1)} ms to ${made.theirs.toFixed(1)} ms`);
    return made;
  } finally {
    theirs.close();
    ours.close();
  }
}

function startOurs(
  threads: number,
  work: TorchRequest['work'],
): { ask(request: TorchRequest): Promise<Omit<TorchAnswer, 'torch'>>; close(): void } {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'training-ours.ts'), String(threads), work],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done === true)
        throw new Error('The process that measures our side ended early; its message is above.');
      return JSON.parse(value) as TorchAnswer;
    },
    close: () => child.stdin.end(),
  };
}
