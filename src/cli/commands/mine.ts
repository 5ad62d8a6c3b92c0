import path from 'node:path';
import type { Refresh } from '#shared/domain/triplet.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { followJob } from '../jobs/follow.ts';
import { plural, score } from '../output/numbers.ts';
import type { Session } from '../session.ts';
import { BACKENDS, METRICS, MINING_RULES, PARTS } from '../syntax/choices.ts';
import { command } from '../syntax/definition.ts';

/** What a mining job leaves: a refresh in the catalogue, or for files what was found and where it was written. */
export interface MineOutcome {
  readonly refreshId: string | null;
  readonly triplets: number;
  readonly anchorsWithout: number;
  readonly recallOfIndex: number;
  readonly activeShare: number;
  readonly file: string | null;
}

type MineRequest = Parameters<Awaited<ReturnType<Session['client']>>['triplets']['mine']>[0];

export async function mine(session: Session, request: MineRequest): Promise<MineOutcome> {
  const client = await session.client();
  const { jobId } = await client.triplets.mine(request);
  const job = await followJob(session, jobId, { resume: 'run the same command again.' });
  const result = job.result as Partial<Refresh> & { readonly out?: string | null };
  return {
    refreshId: result.id ?? null,
    triplets: result.triplets ?? 0,
    anchorsWithout: result.anchorsWithout ?? 0,
    recallOfIndex: result.recallOfIndex ?? 1,
    activeShare: result.activeShare ?? 0,
    file: result.out ?? request.out ?? null,
  };
}

function describe(outcome: MineOutcome): string {
  const where = outcome.file === null ? (outcome.refreshId ?? 'not kept') : outcome.file;
  return (
    `${plural(outcome.triplets, 'triplet')} (${where}), ${plural(outcome.anchorsWithout, 'anchor')} without one, ` +
    `${score(outcome.activeShare)} active, recall of the index ${score(outcome.recallOfIndex)}`
  );
}

export const mineCommand = command({
  name: 'mine',
  summary: 'find the hard triplets of a whole part',
  details: '"smart": per anchor the nearest positive, and the nearest negative that is farther away than it.',
  arguments: [],
  options: {
    run: { type: 'text', help: 'the run, by name or id' },
    checkpoint: {
      type: 'text',
      choices: ['best', 'last'],
      default: 'last',
      help: 'which of its checkpoints',
    },
    part: { type: 'text', choices: PARTS, default: 'train', help: 'which part' },
    embeddings: { type: 'text', value: 'FILE', help: 'vectors of another program: npy, [rows, dim]' },
    labels: { type: 'text', value: 'FILE', help: 'npy (int), CSV or JSON: one label a row' },
    metric: { type: 'text', choices: METRICS, default: 'cosine', help: 'how files are compared' },
    rule: { type: 'text', choices: MINING_RULES, default: 'smart', help: 'which triplets' },
    margin: { type: 'number', min: 0, max: 4, default: 0.2, help: 'a triplet within it counts as active' },
    limit: { type: 'integer', min: 1, help: 'keep this many, hardest first' },
    out: { type: 'text', value: 'FILE', help: 'write them to a .csv or .json file' },
    overwrite: { type: 'flag', help: 'replace a file that exists' },
    backend: { type: 'text', choices: BACKENDS, default: 'auto', help: 'what computes' },
  },
  examples: [
    'mine --run run_x7k2m9p4',
    'mine --embeddings vectors.npy --labels labels.npy --rule nearest --out triplets.csv',
  ],
  async run({ options }, session) {
    const { run, embeddings, labels, rule, margin, limit, overwrite } = options;
    const out = options.out === undefined ? undefined : path.resolve(options.out);
    if (run !== undefined) {
      const { checkpoint, part, backend } = options;
      const outcome = await mine(session, {
        kind: 'run',
        run,
        checkpoint,
        part,
        rule,
        margin,
        limit,
        out,
        overwrite,
        backend,
      });
      return { json: outcome, text: describe(outcome) };
    }
    if (embeddings === undefined || labels === undefined) {
      throw new UserError('bad-input', '"mine" needs --run RUN, or --embeddings FILE with --labels FILE.');
    }
    const outcome = await mine(session, {
      kind: 'files',
      embeddings: path.resolve(embeddings),
      labels: path.resolve(labels),
      metric: options.metric,
      rule,
      margin,
      limit,
      out,
      overwrite,
    });
    return { json: outcome, text: describe(outcome) };
  },
});
