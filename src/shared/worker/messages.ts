import type { Failure, JobProgress, LogLine } from '../domain/job.ts';
import type {
  CompareResult,
  CompareTask,
  EmbedTask,
  EmbedResult,
  EvaluateResult,
  EvaluateTask,
  QueryResultMessage,
  QueryTask,
} from './embed.ts';
import type { ImportEvent, ImportResult, ImportTask } from './import.ts';
import type { MineResult, MineTask } from './mine.ts';
import type { TrainEvent, TrainResult, TrainTask } from './train.ts';

/**
 * The wire between the engine and its worker processes: structured clone over the channel that
 * `child_process.fork({ serialization: 'advanced' })` opens, so typed arrays cross as they are.
 * A worker does one task, answers `done` or `failed` and exits. It reads the catalogue and writes
 * content-addressed files; the engine alone writes rows.
 */
export interface TaskMap {
  import: { task: ImportTask; event: ImportEvent; result: ImportResult };
  train: { task: TrainTask; event: TrainEvent; result: TrainResult };
  embed: { task: EmbedTask; event: never; result: EmbedResult };
  evaluate: { task: EvaluateTask; event: never; result: EvaluateResult };
  compare: { task: CompareTask; event: never; result: CompareResult };
  query: { task: QueryTask; event: never; result: QueryResultMessage };
  mine: { task: MineTask; event: never; result: MineResult };
}
export type TaskKind = keyof TaskMap;

/** Which folder of `src/workers` does a kind of task. */
export const WORKER_OF_TASK = {
  import: 'import',
  train: 'train',
  embed: 'embed',
  evaluate: 'embed',
  compare: 'embed',
  query: 'embed',
  mine: 'mine',
} as const satisfies Record<TaskKind, string>;

/** What every task is told about where things are. */
export interface TaskPlaces {
  /** Folder of the library: `catalog.sqlite`, `files/`, `thumbs/`, `pixels/`. */
  readonly libraryPath: string;
  /** Folder with the shipped weights and licences. */
  readonly resourcesPath: string;
}

export type ToWorker =
  | {
      readonly type: 'start';
      readonly kind: TaskKind;
      readonly places: TaskPlaces;
      readonly task: TaskMap[TaskKind]['task'];
    }
  /** Keep the state (a training run writes a checkpoint) and end with a result that says so. */
  | { readonly type: 'stop'; readonly mode: 'checkpoint' | 'discard' };

export type FromWorker =
  | { readonly type: 'progress'; readonly progress: JobProgress }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'event'; readonly event: TaskMap[TaskKind]['event'] }
  | { readonly type: 'done'; readonly result: TaskMap[TaskKind]['result'] }
  | { readonly type: 'failed'; readonly error: Failure };
