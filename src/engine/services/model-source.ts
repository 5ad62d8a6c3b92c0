import type { EmbeddingSource } from '#shared/domain/evaluation.ts';
import type { StartingWeights } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ModelSource } from '#shared/worker/embed.ts';
import type { RunRecord } from '#catalog/repositories/runs.ts';
import { SHIPPED, hashOfStart, startOf } from './backbone-weights.ts';
import type { ServiceContext } from './service-context.ts';

/** A network that can embed, with the names that go with it. */
export interface EmbeddingModel {
  readonly model: ModelSource;
  readonly source: EmbeddingSource;
  /** What tells its vectors from others': the checkpoint's hash, or the backbone's name. */
  readonly hash: string;
  readonly size: number;
  /** How images are cut, as the protocol says it. */
  readonly crop: string;
  readonly checkpointRule: string;
  readonly run: string | null;
  readonly title: string;
}

const RULE = {
  best: 'best recall@1 on the validation classes',
  last: 'last step',
  /** Without validation classes the end of each epoch counts as the best so far. */
  newest: 'end of the last epoch, nothing validated',
} as const;

/** @throws UserError conflict when the run has no checkpoint yet */
export function modelOfRun(context: ServiceContext, run: RunRecord, wanted: 'best' | 'last'): EmbeddingModel {
  const kept = context.checkpoints.list(run.id);
  const found = kept.find((one) => one.kind === wanted) ?? kept[0];
  if (found === undefined)
    throw new UserError(
      'conflict',
      `The run "${run.name}" has no checkpoint yet. Wait for its first epoch to end.`,
    );
  const config = JSON.parse(run.config) as Record<string, unknown>;
  const size = Number(config['size']);
  const resize = Number(config['evaluationResize'] ?? size) || size;
  const rule = found.kind === 'best' ? 'best' : 'last';
  return {
    model: { kind: 'checkpoint', file: found.file, config },
    source: { kind: 'run', runId: run.id, runName: run.name, checkpoint: rule, step: found.step },
    hash: found.file,
    size,
    crop: cropOf(resize, size),
    checkpointRule: RULE[rule === 'best' && found.validation === null ? 'newest' : rule],
    run: run.id,
    title: run.name,
  };
}

/** A backbone without training. */
export function modelOfBackbone(
  backbone: string,
  size: number,
  start: StartingWeights = SHIPPED,
): EmbeddingModel {
  const weights = start.kind === 'shipped' ? {} : { weights: start };
  const asItCame = start.kind === 'random' ? 'untrained' : 'as it came';
  const whose = start.kind === 'stored' ? ` (${start.name})` : '';
  return {
    model: { kind: 'backbone', backbone, size, ...weights },
    source: { kind: 'zero-shot', backbone, size, ...weights },
    hash: hashOfStart(backbone, start),
    size,
    crop: cropOf(size, size),
    checkpointRule: 'not trained',
    run: null,
    title: `${backbone} ${asItCame}${whose}, ${size} px`,
  };
}

/** The same network without training, at the same image size. */
export function zeroShotOf(run: RunRecord): EmbeddingModel {
  const config = JSON.parse(run.config) as Record<string, unknown>;
  return modelOfBackbone(String(config['backbone']), Number(config['size']), startOf(config));
}

const cropOf = (resize: number, size: number): string =>
  `shorter side to ${resize}, centre ${size} x ${size}`;
