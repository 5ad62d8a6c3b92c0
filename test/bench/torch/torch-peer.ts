import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TorchAnswer {
  readonly ms: readonly number[];
  readonly loss: number;
  readonly torch: string;
}

export interface TorchRequest {
  readonly work: 'train' | 'embed';
  readonly network: 'mobilenet-v2-0.35' | 'resnet18';
  /** Through torch.compile, whose first step takes a minute or two; read by PyTorch's side alone. */
  readonly compiled?: boolean;
  readonly size: number;
  readonly batch: number;
  readonly repeat: number;
}

/** A Python process that trains and embeds the same network with PyTorch, one request at a time. */
export class TorchPeer {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(process_: ChildProcess, lines: AsyncIterator<string>) {
    this.#process = process_;
    this.#lines = lines;
  }

  static start(python: string, threads: number): TorchPeer {
    const script = join(import.meta.dirname, 'peer.py');
    const child = spawn(python, [script], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: String(threads) },
    });
    return new TorchPeer(child, createInterface({ input: child.stdout })[Symbol.asyncIterator]());
  }

  async ask(request: TorchRequest): Promise<TorchAnswer> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('PyTorch ended before it answered; its message is above.');
    return JSON.parse(value) as TorchAnswer;
  }

  close(): void {
    this.#process.stdin?.end();
  }
}

/**
 * Installs the newest PyTorch into a folder of its own in the cache (several GB: the wheels bring CUDA) and returns its
 * Python. Takes minutes the first time and nothing afterwards.
 */
export async function installTorch(log: (message: string) => void): Promise<string> {
  const given = process.env['PLUMAGE_TORCH_PYTHON'];
  if (given !== undefined) return given;
  const cache =
    process.env['PLUMAGE_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plumage');
  const folder = join(cache, 'torch');
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'complete'))) return python;
  await mkdir(cache, { recursive: true });
  log(`Installing PyTorch into ${folder}: about 5 GB on disk, a few minutes.`);
  await run('python3', ['-m', 'venv', '--clear', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'torch', 'numpy'], {
    maxBuffer: 1 << 26,
  });
  await writeFile(join(folder, 'complete'), '');
  return python;
}
