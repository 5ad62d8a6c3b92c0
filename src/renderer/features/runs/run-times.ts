import type { Run } from '../../../shared/domain/run.ts';

/** How long a run of these settings should take, told from the latest run that trained alike; null where none has. */
export function estimateSeconds(
  config: Readonly<Record<string, unknown>> | null,
  steps: number | null,
  runs: readonly Run[],
): { readonly seconds: number; readonly by: string } | null {
  if (config === null || steps === null) return null;
  const alike = runs
    .filter(
      (run) =>
        run.step >= 10 && run.seconds > 0 && COST.every((name) => same(run.config[name], config[name])),
    )
    .sort((a, b) => b.createdAt - a.createdAt)[0];
  return alike ? { seconds: (alike.seconds / alike.step) * steps, by: alike.name } : null;
}

/** What decides how long a step takes. */
const COST = ['backbone', 'imageSize', 'size', 'batchSize', 'backend'];

function same(a: unknown, b: unknown): boolean {
  return a === undefined || b === undefined || a === b || a === 'auto' || b === 'auto';
}

export const STATUS_WORDS: Readonly<Record<Run['status'], string>> = {
  queued: 'Waiting',
  running: 'Training',
  paused: 'Paused',
  done: 'Done',
  stopped: 'Stopped',
  failed: 'Failed',
};

export function statusTone(status: Run['status']): 'neutral' | 'accent' | 'hit' | 'miss' | 'warn' {
  switch (status) {
    case 'running':
      return 'accent';
    case 'done':
      return 'hit';
    case 'failed':
      return 'miss';
    case 'paused':
    case 'stopped':
      return 'warn';
    case 'queued':
      return 'neutral';
  }
}
