import type { Client } from '#shared/contract/index.ts';
import type { Evaluation } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { followJob } from '../jobs/follow.ts';
import type { Session } from '../session.ts';

export type EvaluationRequest = Parameters<Client['evaluations']['start']>[0];

type OfPart = Exclude<EvaluationRequest, { kind: 'files' }>;

/** Embeds and scores, and waits for it; what was computed before is used again. */
export async function evaluate(session: Session, request: EvaluationRequest): Promise<Evaluation> {
  const client = await session.client();
  const { jobId } = await client.evaluations.start(request);
  const job = await followJob(session, jobId, { resume: 'run the same command again.' });
  // The job's result is an Evaluation by contract; of files it has no row in the catalogue.
  return job.result as Evaluation;
}

/** The newest evaluation of a run's test part, made now where there is none. */
export async function evaluationOfRun(session: Session, run: string): Promise<Evaluation> {
  const client = await session.client();
  const existing = (await client.evaluations.list({ run })).filter(
    ({ source, part }) => source.kind === 'run' && part === 'test',
  );
  const newest = existing.sort((a, b) => b.createdAt - a.createdAt)[0];
  return newest ?? evaluate(session, { kind: 'run', run });
}

export interface EvaluateOptions {
  readonly run?: string | undefined;
  readonly 'zero-shot': boolean;
  readonly backbone: string;
  readonly size: number;
  readonly dataset?: string | undefined;
  readonly split?: string | undefined;
  readonly part: 'train' | 'validation' | 'test' | 'query' | 'gallery';
  readonly checkpoint: 'best' | 'last';
  readonly backend: 'auto' | 'tensorflow-gpu' | 'tensorflow' | 'wasm';
}

export interface ScoringOptions {
  readonly 'recall-at'?: string | undefined;
  readonly 'gallery-from'?: EvaluateOptions['part'] | undefined;
  readonly 'gallery-per-class'?: number | undefined;
  readonly 'gallery-seed': number;
}

/** How to score, from the options of `evaluate`. @throws UserError `bad-input` */
export function scoringFrom(options: ScoringOptions): Pick<OfPart, 'gallery' | 'recallAt'> {
  const part = options['gallery-from'];
  const images = options['gallery-per-class'];
  if (part !== undefined && images !== undefined)
    throw new UserError(
      'bad-input',
      '--gallery-from and --gallery-per-class exclude each other: a query is searched in one gallery.',
    );
  return {
    ...(part !== undefined && { gallery: { kind: 'part', part } as const }),
    ...(images !== undefined && {
      gallery: { kind: 'per-class', images, seed: options['gallery-seed'] } as const,
    }),
    ...ranksFrom(options['recall-at']),
  };
}

function ranksFrom(text: string | undefined): Pick<OfPart, 'recallAt'> {
  if (text === undefined) return {};
  const recallAt = text.split(',').map((rank) => Number(rank.trim()));
  if (recallAt.every((rank) => Number.isInteger(rank) && rank >= 1)) return { recallAt };
  throw new UserError('bad-input', `--recall-at takes ranks like 1,10,100; "${text}" is none.`);
}

/** What to evaluate, from the options of `evaluate` and `embed`. @throws UserError `bad-input` */
export function requestFrom(options: EvaluateOptions): OfPart {
  const { run, part, checkpoint, backend } = options;
  if (run !== undefined) {
    if (options['zero-shot'])
      throw new UserError(
        'bad-input',
        '--run and --zero-shot exclude each other: a run is always shown beside its zero-shot row.',
      );
    return { kind: 'run', run, checkpoint, part, backend };
  }
  const { backbone, size, dataset, split } = options;
  if (dataset === undefined || split === undefined) {
    throw new UserError('bad-input', 'Name a run with --run RUN, or --zero-shot with --dataset and --split.');
  }
  return { kind: 'zero-shot', backbone, size, dataset, split, part, backend };
}
