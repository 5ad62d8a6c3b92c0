import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { entryOf } from '#engine/process/connect.ts';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';
import type { Session } from '../session.ts';
import { rateSince } from './rate-since.ts';

const SIZE = 128;

/** A line of the generator: progress, then the result or the failure. */
type Line =
  | { readonly done: number; readonly total: number }
  | { readonly folder: string; readonly images: number; readonly classes: number; readonly made: boolean }
  | { readonly error: { readonly code: string; readonly message: string } };

/**
 * The demo's pictures as a folder per class, drawn by a program of its own the first time. The folder appears only
 * when it is complete.
 */
export function emojiFolder(session: Session, parent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [
      entryOf('datasets/demo'),
      path.join(parent, `emoji-${SIZE}`),
      '--size',
      String(SIZE),
      '--json-progress',
    ];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      signal: session.interrupted,
    });
    const measure = rateSince(performance.now());
    let folder: string | undefined;
    let failure = new UserError(
      'worker-died',
      "Drawing the demo's pictures ended early. Run the demo again.",
    );
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if ('done' in line) {
        session.progress.update({
          phase: 'Drawing',
          unit: 'pictures',
          ...line,
          ...measure(line, performance.now()),
        });
      } else if ('error' in line) failure = new UserError(line.error.code, line.error.message);
      else folder = line.folder;
    });
    child.once('error', (error) =>
      reject(session.interrupted.aborted ? new Cancelled('Stopped. Run the demo again to go on.') : error),
    );
    child.once('close', (code) => {
      if (code === 0 && folder !== undefined) resolve(folder);
      else reject(failure);
    });
  });
}

/** The licences of the drawings, as the generator writes them beside the classes. */
export async function emojiLicences(folder: string): Promise<string | undefined> {
  const file = path.join(folder, 'LICENCES.md');
  return existsSync(file) ? (await readFile(file, 'utf8')).slice(0, 4000) : undefined;
}
