import type { Client } from '#shared/contract/index.ts';
import type { Sweep } from '#shared/domain/sweep.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { followJob } from '../jobs/follow.ts';
import { count, score, seconds } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { PROGRAM, type Session } from '../session.ts';
import { BACKENDS } from '../syntax/choices.ts';
import { command } from '../syntax/definition.ts';
import { methodOf } from '../training/method-of.ts';
import { quoted, splitFor } from '../training/newest-split.ts';
import { parseAxes } from '../training/parse-axes.ts';
import { parseSettings } from '../training/parse-settings.ts';

/** The trials of a search, best first. */
export function describeSweep(sweep: Sweep): string {
  const ranked = [...sweep.trials].sort(
    (a, b) => (b.validation ?? -1) - (a.validation ?? -1) || a.number - b.number,
  );
  const rows = ranked.map(({ number, values, status, validation, finalLoss, seconds: took }) => [
    String(number),
    ...sweep.axes.map((axis) => String(values[axis] ?? '')),
    status,
    validation === null ? '' : score(validation),
    finalLoss === null ? '' : finalLoss.toFixed(4),
    seconds(took),
  ]);
  const head = ['trial', ...sweep.axes, 'status', 'validation R@1', 'loss', 'took'];
  const numeric = head.map((_, i) => i).filter((i) => i === 0 || i > sweep.axes.length + 1);
  return `${sweep.name} (${sweep.id}): ${count(sweep.trials.length)} trials, ${sweep.status}\n${table(head, rows, numeric)}`;
}

/** Waits for one trial after the other; Ctrl+C pauses them all. */
export async function followSweep(session: Session, id: string): Promise<Sweep> {
  const client = await session.client();
  const sweep = await client.sweeps.get({ sweep: id });
  const resume = `${PROGRAM} sweeps resume ${quoted(id)}`;
  for (const { runId, number, values } of sweep.trials) {
    const run = await client.runs.get({ run: runId });
    if (run.jobId === null || run.status === 'done') continue;
    const chosen = Object.entries(values).map(([field, value]) => `${field} ${String(value)}`);
    session.progress.say(`Trial ${number} of ${sweep.trials.length}: ${chosen.join(', ')}`);
    await followTrial(session, client, id, run.jobId, resume);
  }
  return client.sweeps.get({ sweep: id });
}

/** A trial that fails is a result of the search, not its end. */
async function followTrial(
  session: Session,
  client: Client,
  sweep: string,
  jobId: string,
  resume: string,
): Promise<void> {
  try {
    await followJob(session, jobId, { stop: () => client.sweeps.pause({ sweep }), resume });
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'cancelled') throw error;
    session.progress.say(error.message);
  }
}

export const sweepCommand = command({
  name: 'sweep',
  summary: 'search over settings, scored on the validation classes',
  details:
    'Every trial is a run; the test classes are never looked at. Ctrl+C pauses; "sweeps resume" goes on, also after a crash.',
  arguments: [{ name: 'DATASET', help: 'its name or id', required: true }],
  options: {
    vary: {
      type: 'list',
      value: 'FIELD=VALUES',
      help: 'what to search over: scale=10,20,40 or headRate=1e-4..1e-2:log or K=1..8:whole:4',
    },
    strategy: {
      type: 'text',
      choices: ['grid', 'random'],
      default: 'grid',
      help: 'every combination, or random draws',
    },
    trials: { type: 'integer', min: 1, max: 500, default: 12, help: 'how many random draws' },
    'search-seed': { type: 'integer', min: 0, default: 1, help: 'same seed, same random trials' },
    split: { type: 'text', help: "the split, by name or id (default: the dataset's newest)" },
    method: { type: 'text', help: "the loss (default: the preset's, else soft-triple)" },
    preset: { type: 'text', help: "a paper's or the demo's settings" },
    backbone: { type: 'text', help: 'the network to start from' },
    backend: { type: 'text', choices: BACKENDS, default: 'auto', help: 'what computes' },
    set: { type: 'list', value: 'KEY=VALUE', help: 'any setting that all trials share' },
    name: { type: 'text', help: 'what to call the search' },
  },
  examples: [
    'sweep Birds --preset demo --vary scale=10,20,40 --vary centersPerClass=1,2,4',
    'sweep Birds --strategy random --trials 20 --vary headRate=1e-4..1e-2:log --vary margin=0..0.2 --set epochs=3',
  ],
  async run({ arguments: [dataset = ''], options }, session) {
    const client = await session.client();
    const { vary, trials, set, name, preset, backbone, backend, strategy } = options;
    const { sweepId } = await client.sweeps.start({
      dataset,
      split: await splitFor(client, dataset, options.split),
      name,
      method: await methodOf(client, options),
      preset,
      backbone,
      backend,
      settings: parseSettings({}, set),
      axes: parseAxes(vary),
      strategy,
      trials,
      seed: options['search-seed'],
    });
    const sweep = await followSweep(session, sweepId);
    return { json: sweep, text: describeSweep(sweep) };
  },
});
