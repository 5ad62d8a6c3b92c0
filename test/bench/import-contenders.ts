import { execFile, fork, spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openCatalog } from '#catalog/open.ts';
import type { ImportResult } from '#shared/worker/import.ts';
import type { FromWorker } from '#shared/worker/messages.ts';

const WORKER = fileURLToPath(new URL('../../out/node/workers/import.js', import.meta.url));
const SHARP_ALONE = fileURLToPath(new URL('./import-sharp.mjs', import.meta.url));

/** Milliseconds; null where a contender does not tell them. */
export interface Times {
  /** From the first file looked for to the last one written. */
  readonly workMs: number;
  /** Start and end of the process around it. */
  readonly processMs: number | null;
  /** Processor time of the whole process. */
  readonly cpuMs: number | null;
}

/** The import worker as it is built. */
export async function importBy(rootPath: string, libraryPath: string): Promise<Times> {
  openCatalog(libraryPath).close();
  const started = performance.now();
  const worker = fork(WORKER, { serialization: 'advanced', execArgv: [] });
  const failures: string[] = [];
  let workMs = Number.NaN;
  let cpu: Promise<number | null> = Promise.resolve(null);
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'failed') failures.push(message.error.message);
    if (message.type !== 'done') return;
    workMs = (message.result as ImportResult).seconds * 1000;
    cpu = processorTime(worker.pid);
  });
  const task = { datasetId: 'ds_00000000', rootPath, layout: 'folder' } as const;
  worker.send({ type: 'start', kind: 'import', places: { libraryPath, resourcesPath: '' }, task });
  await ended(worker).catch((error: unknown) => {
    throw new Error(failures.join(' ') || 'The import worker failed.', { cause: error });
  });
  return { workMs, processMs: performance.now() - started - workMs, cpuMs: await cpu };
}

const TICK_MS = 10;

/** Linux counts it in ticks of a hundredth of a second; null elsewhere, and for a process that has ended. */
async function processorTime(pid: number | undefined): Promise<number | null> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export async function sharpAlone(source: string, target: string): Promise<Times> {
  const started = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [SHARP_ALONE, source, target]);
  const { workMs, cpuMs } = JSON.parse(stdout) as { workMs: number; cpuMs: number };
  return { workMs, processMs: performance.now() - started - workMs, cpuMs };
}

/** Its name and version; null where it is not installed. */
export const findVipsthumbnail = (): Promise<string | null> =>
  promisify(execFile)('vipsthumbnail', ['--vips-version']).then(
    ({ stdout }) => `vipsthumbnail, ${stdout.trim()}`,
    () => null,
  );

/** One process a core, the files dealt out. */
export async function vipsthumbnail(files: readonly string[], target: string): Promise<Times> {
  const cores = availableParallelism();
  await mkdir(target, { recursive: true });
  const started = performance.now();
  await Promise.all(
    Array.from({ length: cores }, (_, core) => {
      const own = files.filter((_file, i) => i % cores === core);
      // The tool names by file alone; equal names overwrite each other, which costs it nothing.
      const args = ['--size', '256', '-o', join(target, `${String(core)}-%s.jpg[Q=82]`), ...own];
      return ended(spawn('vipsthumbnail', args, { env: { ...process.env, VIPS_CONCURRENCY: '1' } }));
    }),
  );
  return { workMs: performance.now() - started, processMs: null, cpuMs: null };
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`A process of the bench ended with ${String(code)}.`));
    });
  });
}
