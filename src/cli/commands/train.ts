import type { Run } from '#shared/domain/run.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { followJob } from '../jobs/follow.ts';
import { count, score, seconds } from '../output/numbers.ts';
import { PROGRAM, type Session } from '../session.ts';
import { BACKENDS } from '../syntax/choices.ts';
import { command } from '../syntax/definition.ts';
import { checkRequest } from '../training/check-request.ts';
import { methodOf } from '../training/method-of.ts';
import { quoted, splitFor } from '../training/newest-split.ts';
import { parseSettings } from '../training/parse-settings.ts';

/** The most that a run may have. */
const MOST_EPOCHS = 10_000;

export interface TrainOutcome {
  readonly runId: string;
  readonly name: string;
  readonly status: string;
  readonly epochs: number;
  readonly steps: number;
  readonly finalLoss: number | null;
  readonly bestValidation: number | null;
  readonly seconds: number;
  /** Content hash of the best checkpoint, else of the last. */
  readonly checkpoint: string | null;
}

function outcomeOf(run: Run): TrainOutcome {
  const best = run.checkpoints.find(({ kind }) => kind === 'best') ?? run.checkpoints.at(-1);
  return {
    runId: run.id,
    name: run.name,
    status: run.status,
    epochs: run.epoch,
    steps: run.step,
    finalLoss: run.finalLoss,
    bestValidation: run.bestValidation,
    seconds: run.seconds,
    checkpoint: best?.file ?? null,
  };
}

export function describeRun(outcome: TrainOutcome): string {
  const parts = [
    `${count(outcome.steps)} steps, ${outcome.epochs.toFixed(1)} epochs in ${seconds(outcome.seconds)}`,
  ];
  if (outcome.finalLoss !== null) parts.push(`loss ${outcome.finalLoss.toFixed(4)}`);
  if (outcome.bestValidation !== null) parts.push(`best validation R@1 ${score(outcome.bestValidation)}`);
  return `${outcome.name} (${outcome.runId}) ${outcome.status}: ${parts.join(', ')}`;
}

/** Waits for a run that was started or resumed. */
export async function followRun(session: Session, runId: string, jobId: string): Promise<TrainOutcome> {
  const client = await session.client();
  const { name } = await client.runs.get({ run: runId });
  session.progress.say(`Run ${name} (${runId})`);
  await followJob(session, jobId, {
    stop: () => client.runs.stop({ run: runId, mode: 'checkpoint' }),
    resume: `${PROGRAM} train --resume ${quoted(runId)}`,
  });
  return outcomeOf(await client.runs.get({ run: runId }));
}

export const trainCommand = command({
  name: 'train',
  summary: 'train an embedding on a split',
  details:
    'Ctrl+C stops at the next checkpoint; --resume goes on from there with the same result as without the stop.',
  arguments: [{ name: 'DATASET', help: 'its name or id', required: false }],
  options: {
    split: { type: 'text', help: "the split, by name or id (default: the dataset's newest)" },
    method: { type: 'text', help: "the loss (default: the preset's, else soft-triple)" },
    preset: { type: 'text', help: "a paper's or the demo's settings" },
    backbone: { type: 'text', help: 'the network to start from (default: the built-in mobilenet-v2-0.35)' },
    dim: { type: 'integer', min: 2, max: 1024, help: 'length of the embedding' },
    size: { type: 'integer', min: 32, max: 512, value: 'PIXELS', help: 'side of the square input' },
    epochs: { type: 'integer', min: 1, max: MOST_EPOCHS, help: 'how long to train' },
    steps: { type: 'integer', min: 1, help: 'how long to train, in steps' },
    batch: { type: 'integer', min: 2, max: 1024, help: 'images a step' },
    seed: { type: 'integer', min: 0, help: 'same seed, same losses' },
    backend: { type: 'text', choices: BACKENDS, default: 'auto', help: 'what computes' },
    set: { type: 'list', value: 'KEY=VALUE', help: 'any field of the settings or of the method' },
    'auto-remedy': {
      type: 'flag',
      help: 'where the run collapses or diverges, go on from its last good checkpoint with what the log proposes',
    },
    resume: { type: 'text', value: 'RUN', help: 'go on with a run that was stopped' },
    name: { type: 'text', help: 'what to call the run' },
  },
  examples: [
    'train Birds --preset demo',
    'train Birds --epochs 20 --set margin=0.02 --seed 1',
    'train --resume run_x7k2m9p4',
  ],
  async run({ arguments: [dataset], options }, session) {
    const client = await session.client();
    if (options.resume !== undefined) {
      if (options.set.length > 0 || options.preset !== undefined || options.method !== undefined)
        throw new UserError(
          'bad-input',
          'A run that is resumed keeps its settings: leave --set, --preset and --method out, or start a new run.',
        );
      const run = await client.runs.get({ run: options.resume });
      const { jobId } = await client.runs.resume({ run: run.id });
      const outcome = await followRun(session, run.id, jobId);
      return { json: outcome, text: describeRun(outcome) };
    }
    if (dataset === undefined)
      throw new UserError('bad-input', '"train" needs DATASET, or --resume RUN. See "plumage train --help".');
    const { dim, size, steps, batch, seed } = options;
    // Steps alone are meant exactly: the run's epochs must not end it before.
    const autoRemedy = options['auto-remedy'] ? true : undefined;
    const epochs = options.epochs ?? (steps === undefined ? undefined : MOST_EPOCHS);
    const request = {
      dataset,
      split: await splitFor(client, dataset, options.split),
      name: options.name,
      method: await methodOf(client, options),
      preset: options.preset,
      backbone: options.backbone,
      backend: options.backend,
      settings: parseSettings({ dim, size, epochs, steps, batch, seed, autoRemedy }, options.set),
    };
    for (const warning of await checkRequest(client, request)) session.progress.say(warning);
    const { runId, jobId } = await client.runs.start(request);
    const outcome = await followRun(session, runId, jobId);
    return { json: outcome, text: describeRun(outcome) };
  },
});
