import { type ChildProcess, fork } from 'node:child_process';
import { BugError, Cancelled, UserError } from '#shared/rpc/errors.ts';
import type { Failure, JobProgress, LogLine } from '#shared/domain/job.ts';
import {
  type FromWorker,
  type TaskKind,
  type TaskMap,
  type TaskPlaces,
  type ToWorker,
  WORKER_OF_TASK,
} from '#shared/worker/messages.ts';
import { entryOf } from '../process/program.ts';
import { diedSentence, messageOf } from './worker-death.ts';

export type StopMode = 'checkpoint' | 'discard';

export interface TaskListeners<K extends TaskKind> {
  readonly onProgress?: (progress: JobProgress) => void;
  readonly onLog?: (line: LogLine) => void;
  readonly onEvent?: (event: TaskMap[K]['event']) => void;
}

export interface RunningTask<K extends TaskKind> {
  /** @throws UserError as the worker said, or `worker-died`; Cancelled when it was stopped */
  readonly result: Promise<TaskMap[K]['result']>;
  /** Asks the worker to end; one that does not within `graceMs` is killed. */
  stop(mode: StopMode): void;
}

export interface WorkerHostOptions {
  readonly places: TaskPlaces;
  /** Finds a worker's script by its folder's name; tests give their own. */
  readonly entry?: (worker: string) => string;
  /** How long a worker may take to write its checkpoint when it is asked to stop. */
  readonly graceMs?: number;
}

const GRACE_MS = 60_000;
const STDERR_KEPT = 4000;

/** Starts worker processes, one a task, and turns their messages and their deaths into calls and results. */
export class WorkerHost {
  readonly #options: WorkerHostOptions;
  readonly #children = new Set<ChildProcess>();

  constructor(options: WorkerHostOptions) {
    this.#options = options;
  }

  start<K extends TaskKind>(
    kind: K,
    task: TaskMap[K]['task'],
    listeners: TaskListeners<K> = {},
  ): RunningTask<K> {
    const {
      entry = (worker: string) => entryOf(`workers/${worker}`),
      graceMs = GRACE_MS,
      places,
    } = this.#options;
    const child = fork(entry(WORKER_OF_TASK[kind]), {
      serialization: 'advanced',
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#children.add(child);
    const { promise: result, resolve, reject } = Promise.withResolvers<TaskMap[K]['result']>();
    let isStopped = false;
    let killer: NodeJS.Timeout | undefined;
    let answer: Extract<FromWorker, { type: 'done' | 'failed' }> | undefined;
    let lastWords = '';

    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-STDERR_KEPT);
    });
    child.on('message', (raw) => {
      const message = messageOf(raw);
      if (message === undefined) {
        listeners.onLog?.({
          at: Date.now(),
          level: 'warn',
          message: 'The worker sent something unknown; ignored.',
        });
        return;
      }
      try {
        if (message.type === 'progress') listeners.onProgress?.(message.progress);
        else if (message.type === 'log') listeners.onLog?.(message.line);
        else if (message.type === 'event') listeners.onEvent?.(message.event);
        else answer ??= message;
      } catch (error) {
        // What it found cannot be kept (a full disk, for one): its work would be in vain.
        reject(error);
        child.kill('SIGKILL');
      }
    });
    child.once('error', (error) =>
      reject(
        new UserError('worker-died', `The ${kind} process could not be started: ${error.message}.`, {
          cause: error,
        }),
      ),
    );
    // `close` comes after the channel was read to its end; `exit` may come before the last messages.
    child.once('close', (code, signal) => {
      clearTimeout(killer);
      this.#children.delete(child);
      if (answer?.type === 'done') resolve(answer.result);
      else if (answer?.type === 'failed') reject(failureToError(answer.error));
      else if (isStopped) reject(new Cancelled());
      else
        reject(
          new UserError('worker-died', diedSentence(kind, code, signal), {
            details: { code, signal, lastWords },
          }),
        );
    });
    send(child, { type: 'start', kind, places, task });

    return {
      result,
      stop: (mode) => {
        if (!child.connected) return;
        isStopped = true;
        send(child, { type: 'stop', mode });
        killer ??= setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
      },
    };
  }

  /** Ends every worker at once. What they have not handed over is lost; their checkpoints are not. */
  killAll(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  get running(): number {
    return this.#children.size;
  }
}

function send(child: ChildProcess, message: ToWorker): void {
  // A worker that is gone says so by its `close`.
  child.send(message, () => undefined);
}

function failureToError(failure: Failure): Error {
  if (failure.code === 'cancelled') return new Cancelled();
  if (failure.code === 'bug') return new BugError(failure.details ?? failure.message);
  return new UserError(failure.code, failure.message, { details: failure.details });
}
