import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Installs faiss-cpu (MIT) into a folder of its own in the cache, 150 MB. @returns its Python */
export async function installFaiss(log: (message: string) => void): Promise<string> {
  const given = process.env['PLUMAGE_FAISS_PYTHON'];
  if (given !== undefined) return given;
  const cache =
    process.env['PLUMAGE_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'plumage');
  const folder = join(cache, 'faiss');
  const python = join(folder, 'bin', 'python');
  if (existsSync(join(folder, 'complete'))) return python;
  await mkdir(cache, { recursive: true });
  log(`Installing faiss into ${folder}: about 150 MB.`);
  await run('python3', ['-m', 'venv', '--clear', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'faiss-cpu', 'numpy']);
  await writeFile(join(folder, 'complete'), '');
  return python;
}
