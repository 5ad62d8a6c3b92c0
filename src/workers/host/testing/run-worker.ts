import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Failure } from '#shared/domain/job.ts';
import type { FromWorker, TaskKind, TaskMap } from '#shared/worker/messages.ts';

export interface WorkerOutcome {
  readonly messages: readonly FromWorker[];
  readonly result: TaskMap[TaskKind]['result'] | null;
  readonly failure: Failure | null;
  readonly exitCode: number | null;
}

/** Runs one task in a real worker process, as the engine does. For tests. */
export async function runWorker<K extends TaskKind>(
  worker: string,
  kind: K,
  task: TaskMap[K]['task'],
  libraryPath: string,
): Promise<WorkerOutcome> {
  const entry = fileURLToPath(new URL(`../../${worker}/main.ts`, import.meta.url));
  const resourcesPath = fileURLToPath(new URL('../../../../resources', import.meta.url));
  const child = fork(entry, { serialization: 'advanced', execArgv: [] });
  const messages: FromWorker[] = [];
  child.on('message', (message: FromWorker) => messages.push(message));
  child.send({ type: 'start', kind, places: { libraryPath, resourcesPath }, task });
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  const last = messages.at(-1);
  return {
    messages,
    result: last?.type === 'done' ? last.result : null,
    failure: last?.type === 'failed' ? last.error : null,
    exitCode,
  };
}
