import { UserError } from '#shared/rpc/errors.ts';
import type { Embedding } from '#catalog/repositories/embeddings.ts';
import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import type { RefreshRecord } from '#catalog/repositories/refreshes.ts';
import type { ServiceContext } from '../service-context.ts';

/** What a person named: a run stands for its newest evaluation or mining. */
export function evaluationOf(context: ServiceContext, ref: string): EvaluationRecord {
  const { evaluations, runs } = context;
  if (ref.startsWith('eval_')) return evaluations.require(ref);
  const run = runs.require(ref);
  const newest =
    evaluations.list({ run: run.id }).find((one) => one.part === 'test') ??
    evaluations.list({ run: run.id })[0];
  if (newest !== undefined) return newest;
  throw new UserError('conflict', `The run "${run.name}" was not evaluated yet. Evaluate it first.`);
}

export function embeddingOf(context: ServiceContext, ref: string): Embedding {
  const known = ref.startsWith('emb_') ? context.embeddings.find(ref) : undefined;
  if (known !== undefined) return known;
  if (ref.startsWith('emb_')) throw new UserError('not-found', `There is no embedding ${ref}.`);
  return context.embeddings.find(evaluationOf(context, ref).embedding)!;
}

export function refreshOf(context: ServiceContext, ref: string): RefreshRecord {
  const { refreshes, runs } = context;
  if (ref.startsWith('mine_')) return refreshes.require(ref);
  const run = runs.require(ref);
  const [newest] = refreshes.list({ run: run.id });
  if (newest !== undefined) return newest;
  throw new UserError('conflict', `No triplets of the run "${run.name}" were mined yet. Mine them first.`);
}
