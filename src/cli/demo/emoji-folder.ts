import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { entryOf } from '#engine/process/connect.ts';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';

const SIZE = 128;

/**
 * The demo's pictures as a folder per class, rendered by a program of its own the first time. The folder appears
 * only when it is complete.
 */
export async function emojiFolder(
  parent: string,
  options: { readonly quiet: boolean; readonly signal: AbortSignal },
): Promise<string> {
  const folder = path.join(parent, `emoji-${SIZE}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.${process.pid}.new`;
  await mkdir(parent, { recursive: true });
  try {
    await render(work, options);
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return folder;
}

function render(
  folder: string,
  { quiet, signal }: { readonly quiet: boolean; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const args = [entryOf('datasets/demo'), folder, '--size', String(SIZE)];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'ignore', quiet ? 'pipe' : 'inherit'],
      signal,
    });
    let words = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-4000)));
    child.once('error', (error) =>
      reject(signal.aborted ? new Cancelled('Stopped. Run the demo again to go on.') : error),
    );
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new UserError(
            'worker-died',
            `Drawing the demo's pictures failed (exit code ${code}). ${words}`.trim(),
          ),
        );
    });
  });
}

/** The licences of the drawings, as the generator writes them beside the classes. */
export async function emojiLicences(folder: string): Promise<string | undefined> {
  const file = path.join(folder, 'LICENCES.txt');
  return existsSync(file) ? (await readFile(file, 'utf8')).slice(0, 4000) : undefined;
}
