import type { FromWorker, TaskKind } from '#shared/worker/messages.ts';

const WORK: Readonly<Record<TaskKind, string>> = {
  import: 'importing',
  train: 'training',
  embed: 'embedding',
  evaluate: 'evaluating',
  compare: 'comparing two evaluations',
  query: 'looking up a picture',
  mine: 'mining',
};

const NEXT: Readonly<Record<TaskKind, string>> = {
  import: 'Import the folder again: what is in the library already is not read twice.',
  train:
    'Resume the run: it goes on from its last checkpoint. A smaller batch or image size needs less memory.',
  embed: 'Start it again. If it dies again, choose a smaller image size or another backend.',
  evaluate: 'Start it again; embeddings that are finished are used again.',
  compare: 'Try again.',
  query: 'Try again, or try another picture.',
  mine: 'Start it again; embeddings that are finished are used again.',
};

/** What happened to a worker that ended without an answer, and what to do. */
export function diedSentence(kind: TaskKind, code: number | null, signal: NodeJS.Signals | null): string {
  const how =
    signal === null
      ? `ended with code ${String(code)} and no answer`
      : `was ended by ${signal}${reasonOf(signal)}`;
  return `The process that was ${WORK[kind]} ${how}. ${NEXT[kind]}`;
}

function reasonOf(signal: NodeJS.Signals): string {
  if (signal === 'SIGKILL') return ' (most often the system, because memory ran out)';
  if (signal === 'SIGSEGV' || signal === 'SIGBUS' || signal === 'SIGABRT' || signal === 'SIGILL')
    return ' (a crash in native code, often because memory ran out)';
  return '';
}

const TYPES: ReadonlySet<unknown> = new Set(['progress', 'log', 'event', 'done', 'failed']);

/** A message of the wire, or nothing. Workers are our own code: their shape is checked, not every field. */
export function messageOf(raw: unknown): FromWorker | undefined {
  const isMessage = typeof raw === 'object' && raw !== null && 'type' in raw && TYPES.has(raw.type);
  return isMessage ? (raw as FromWorker) : undefined;
}
