import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';
import { measureLoader } from './loader.ts';
import { type TorchAnswer, TorchPeer, type TorchRequest, installTorch } from './torch/torch-peer.ts';

const TRAIN: TorchRequest = {
  work: 'train',
  network: 'mobilenet-v2-0.35',
  size: 128,
  batch: 32,
  repeat: 4,
};
const EMBED: TorchRequest = { ...TRAIN, work: 'embed', size: 160, repeat: 6 };
const RESNET: TorchRequest = { ...TRAIN, network: 'resnet18', size: 64, repeat: 3 };
const ROUNDS = 7;

interface Case {
  readonly name: string;
  readonly request: TorchRequest;
  readonly threads: number;
  /** Against PyTorch without its compiler; with it, the ratio is only shown. */
  readonly target: number;
}

const CASES: readonly Case[] = [
  { name: 'training step, 1 thread', request: TRAIN, threads: 1, target: 0.75 },
  { name: 'training step, 2 threads', request: TRAIN, threads: 2, target: 0.85 },
  { name: 'ResNet-18 step, 1 thread', request: RESNET, threads: 1, target: 0.75 },
  { name: 'ResNet-18 step, 2 threads', request: RESNET, threads: 2, target: 0.85 },
  { name: 'embedding, 1 thread', request: EMBED, threads: 1, target: 0.4 },
  { name: 'embedding, 2 threads', request: EMBED, threads: 2, target: 0.4 },
];

export const trainingBench: Bench = {
  name: 'training',
  title:
    'Training step of MobileNetV2 0.35 (128 px) and ResNet-18 (64 px) with SoftTriple and embedding (160 px), against PyTorch (channels last)',
  async run(context) {
    const waiting = await measureLoader(context);
    if (!context.torch) {
      context.log('the comparison is left out: --against torch installs PyTorch and makes it');
      return [waiting];
    }
    const python = await installTorch(context.log);
    const compiled = process.env['PLUMAGE_TORCH_COMPILE'] === '1';
    if (!compiled)
      context.log('torch.compile is left out: PLUMAGE_TORCH_COMPILE=1 adds it, one to three minutes a row');
    const rows: BenchRow[] = [waiting];
    for (const one of CASES) rows.push(...(await compare(one, python, compiled, context)));
    return rows;
  },
};

interface Side {
  readonly name: string;
  readonly ms: number[];
  ask(): Promise<TorchAnswer>;
  close(): void;
}

/** Each side in a process of its own, asked in turn, so that a machine whose speed drifts disturbs all alike. */
async function compare(
  { name, request, threads, target }: Case,
  python: string,
  compiled: boolean,
  context: BenchContext,
): Promise<BenchRow[]> {
  const ours = startOurs(threads, request.work);
  const peer = (kind: string, asked: TorchRequest): Side => {
    const torch = TorchPeer.start(python, threads);
    return {
      name: kind,
      ms: [],
      ask: () => torch.ask(asked),
      close: () => {
        torch.close();
      },
    };
  };
  const others = [peer('eager', request)];
  if (compiled) others.push(peer('compiled', { ...request, compiled: true }));
  const mine: number[] = [];
  let version = '';
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const { ms } = await ours.ask(request);
      if (round > 0) mine.push(...ms);
      for (const side of others) {
        const answer = await side.ask();
        version = answer.torch;
        // The first round is warm-up: recording here, memory planning and compiling there.
        if (round > 0) side.ms.push(...answer.ms);
      }
    }
  } finally {
    for (const side of [ours, ...others]) side.close();
  }
  return others.map((side) => {
    const bound = side.name === 'eager' ? target : Infinity;
    const against = `PyTorch ${version}, ${side.name}`;
    const made = row(name, 'ms', median(mine), median(side.ms), against, bound);
    context.log(`${name}: ${made.ours.toFixed(1)} ms to ${made.theirs.toFixed(1)} ms, ${side.name}`);
    return made;
  });
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
