import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Resident memory of a process, MB, as the system's `ps` says (shared libraries count in full). */
export async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) / 1024;
}
