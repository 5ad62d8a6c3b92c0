import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from '#learn/config.ts';
import type { FromWorker, ToWorker } from '#shared/worker/messages.ts';
import type { TrainEvent, TrainResult, TrainTask } from '#shared/worker/train.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface TrainOutcome {
  readonly result: TrainResult | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly events: readonly TrainEvent[];
  readonly log: readonly string[];
  /** Loss of every step, by step. */
  readonly losses: ReadonlyMap<number, number>;
}

/** For tests: settings of a run that takes a second. */
export function tinyConfig(
  settings: Readonly<Record<string, unknown>> = {},
  method = 'soft-triple',
): Record<string, unknown> {
  const facts = { classes: 6, minImagesPerClass: 8, trainImages: 48, validationImages: 16, cores: 1 };
  const small = {
    size: 32,
    batch: 8,
    epochs: 2,
    dim: 16,
    ...(method === 'soft-triple' ? { K: 2 } : {}),
    cropScaleMin: 0.6,
    threads: 1,
    warmupSteps: 2,
  };
  const { config, problems } = resolveConfig({ method, settings: { ...small, ...settings } }, facts);
  if (!config) throw new Error(JSON.stringify(problems));
  return { ...config };
}

/** Runs the training worker as the engine does, in a process of its own. */
export function trainInChild(
  libraryPath: string,
  task: Pick<TrainTask, 'datasetId' | 'splitId' | 'config'> & Partial<TrainTask>,
  onEvent: (event: TrainEvent, send: (message: ToWorker) => void) => void = () => undefined,
): Promise<TrainOutcome> {
  const child = fork(`${root}src/workers/train/main.ts`, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const events: TrainEvent[] = [];
  const log: string[] = [];
  const losses = new Map<number, number>();
  let result: TrainResult | null = null;
  let error: TrainOutcome['error'] = null;
  const send = (message: ToWorker): void => void child.send(message);
  child.on('message', (message: FromWorker) => {
    if (message.type === 'done') result = message.result as TrainResult;
    else if (message.type === 'failed') error = message.error;
    else if (message.type === 'log') log.push(message.line.message);
    else if (message.type === 'event') {
      const event = message.event as TrainEvent;
      events.push(event);
      for (const { step, values } of event.kind === 'points' ? event.points : []) {
        if (values['loss'] !== undefined) losses.set(step, values['loss']);
      }
      onEvent(event, send);
    }
  });
  const places = { libraryPath, resourcesPath: `${root}resources` };
  const whole: TrainTask = { runId: 'run_aaaaaaaa', backend: 'auto', resumeFrom: null, ...task };
  send({ type: 'start', kind: 'train', places, task: whole });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      resolve({ result, error, events, log, losses });
    });
  });
}

export const checkpointsOf = (
  outcome: TrainOutcome,
  kind: 'last' | 'best',
): Extract<TrainEvent, { kind: 'checkpoint' }>[] =>
  outcome.events.filter((event) => event.kind === 'checkpoint').filter((event) => event.checkpoint === kind);
