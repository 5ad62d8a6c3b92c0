import process from 'node:process';
import type { FromWorker, TaskKind, TaskMap, ToWorker } from '#shared/worker/messages.ts';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';
import { ProgressMeter } from './progress-meter.ts';
import { toFailure } from './to-failure.ts';
import type { TaskHandlers, WorkerContext } from './worker-context.ts';

const EXIT_DONE = 0;
const EXIT_FAILED = 1;

/**
 * The frame of every worker process: waits for `start`, runs the one task, answers `done` or `failed` and exits with 0 or
 * 1. `stop` aborts the task's signal. When the engine goes away the process ends at once: files are written under
 * temporary names and renamed, so nothing half-written is left under a real name.
 */
export function serveTask(handlers: TaskHandlers): void {
  if (process.send === undefined) {
    process.stderr.write('This is a worker of Plumage: the engine starts it, not a person.\n');
    process.exit(EXIT_FAILED);
  }
  const abort = new AbortController();
  let stopMode: WorkerContext['stopMode'] = null;
  let started = false;

  const fail = (error: unknown): void => {
    post({ type: 'failed', error: toFailure(error) }, () => process.exit(EXIT_FAILED));
  };
  process.on('uncaughtException', fail);
  process.on('disconnect', () => process.exit(EXIT_FAILED));
  // Ctrl+C in a terminal reaches the whole process group; the engine decides what a worker does about it.
  process.on('SIGINT', () => undefined);
  process.on('message', (message: ToWorker) => {
    if (message.type === 'stop') {
      stopMode = message.mode;
      abort.abort(new Cancelled());
    } else if (!started) {
      started = true;
      start(message);
    }
  });

  function start(message: Extract<ToWorker, { type: 'start' }>): void {
    const meter = new ProgressMeter(
      (progress) => post({ type: 'progress', progress }),
      () => performance.now(),
    );
    const context: WorkerContext = {
      places: message.places,
      signal: abort.signal,
      get stopMode() {
        return stopMode;
      },
      progress: (report) => meter.report(report),
      log: (level, text) => post({ type: 'log', line: { at: Date.now(), level, message: text } }),
      emit: (event) => post({ type: 'event', event }),
    };
    run(message.kind, message.task, context).then(
      (result) => post({ type: 'done', result }, () => process.exit(EXIT_DONE)),
      fail,
    );
  }

  async function run(kind: TaskKind, task: TaskMap[TaskKind]['task'], context: WorkerContext) {
    const handler = handlers[kind] as
      | ((task: TaskMap[TaskKind]['task'], context: WorkerContext) => Promise<TaskMap[TaskKind]['result']>)
      | undefined;
    if (handler === undefined) throw new UserError('bad-input', `This worker has no task "${kind}".`);
    abort.signal.throwIfAborted();
    return handler(task, context);
  }
}

function post(message: FromWorker, sent?: () => void): void {
  // A failed send means that the engine is gone; `disconnect` ends the process then.
  process.send?.(message, undefined, undefined, () => sent?.());
}
