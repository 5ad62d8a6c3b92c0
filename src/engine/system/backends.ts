import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { BackendReport } from '#shared/contract/system.ts';
import { entryOf } from '../process/program.ts';

const TIMEOUT_MS = 120_000;

/**
 * Asks a child process what this machine can compute with: loading a backend may take a second, much memory, or the
 * process down, none of which may happen to the engine.
 */
export async function probeBackends(
  signal: AbortSignal,
  entry = entryOf('workers/backend'),
): Promise<BackendReport[]> {
  if (!existsSync(entry)) return [broken('its program is missing; run "npm run setup"')];
  return await new Promise((resolve) => {
    const options = {
      timeout: TIMEOUT_MS,
      maxBuffer: 4 * 1024 * 1024,
      signal,
      killSignal: 'SIGKILL' as const,
    };
    execFile(process.execPath, [entry], options, (error, stdout, stderr) => {
      const reports = parse(stdout);
      if (reports !== null) resolve(reports);
      else resolve([broken(lastLine(stderr) ?? error?.message ?? 'it said nothing that can be read')]);
    });
  });
}

/** The report is the last line: native libraries like to print before it. */
function parse(stdout: string): BackendReport[] | null {
  for (const text of [stdout, stdout.trim().split('\n').at(-1) ?? '']) {
    try {
      return z.array(BackendReport).parse(JSON.parse(text));
    } catch {
      // Perhaps the last line alone is one.
    }
  }
  return null;
}

function lastLine(text: string): string | null {
  return text.trim().split('\n').at(-1)?.slice(0, 300) || null;
}

function broken(why: string): BackendReport {
  return {
    id: 'tensorflow',
    available: false,
    inUse: false,
    reason: `The check of the backends failed: ${why}.`,
    version: null,
  };
}
