import type { LogLine } from '#shared/domain/job.ts';
import type { TaskKind, TaskMap, TaskPlaces } from '#shared/worker/messages.ts';

/** What one report of progress says; rate and time left are worked out by the host. */
export interface ProgressReport {
  readonly phase: string;
  readonly done: number;
  /** null while the total is unknown. */
  readonly total: number | null;
  readonly unit: string;
}

/** What a task gets from the process that it runs in: where things are, when to stop, and whom to tell. */
export interface WorkerContext<K extends TaskKind = TaskKind> {
  readonly places: TaskPlaces;
  /** Aborted by a `stop` message; its reason is a `Cancelled`. */
  readonly signal: AbortSignal;
  /** How the stop was asked for; null while nobody asked. */
  readonly stopMode: 'checkpoint' | 'discard' | null;
  /** May be called as often as is handy: the host passes on at most ten reports a second. */
  progress(report: ProgressReport): void;
  log(level: LogLine['level'], message: string): void;
  emit(event: TaskMap[K]['event']): void;
}

export type TaskHandlers = {
  readonly [K in TaskKind]?: (
    task: TaskMap[K]['task'],
    context: WorkerContext<K>,
  ) => Promise<TaskMap[K]['result']>;
};
