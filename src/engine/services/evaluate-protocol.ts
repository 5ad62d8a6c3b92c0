import type { Gallery } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluateTask } from '#shared/worker/embed.ts';
import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import type { SplitRecord } from '#catalog/repositories/splits.ts';
import type { JobContext } from '../jobs/job-runner.ts';
import { embedPart } from './embed-part.ts';
import type { EmbeddingModel } from './model-source.ts';
import { splitHashFor } from './part-content.ts';
import type { ServiceContext } from './service-context.ts';

/** How a part is scored, beside which images it has. */
export interface Scoring {
  readonly gallery?: Gallery | undefined;
  readonly recallAt?: readonly number[] | undefined;
}

interface Subject {
  readonly split: SplitRecord;
  readonly part: string;
  readonly backend: string;
}

/** Part whose pairs give the thresholds of verification. */
const THRESHOLDS = 'validation';

/** What queries of a part are searched in where nobody said: the gallery, where the split has query and gallery. */
export function galleryOf(
  context: ServiceContext,
  { split, part }: Omit<Subject, 'backend'>,
  wish: Scoring,
): Gallery {
  if (wish.gallery !== undefined) return wish.gallery;
  const hasGallery = (context.splits.partCounts(split.id).get('gallery')?.images ?? 0) > 0;
  return part === 'query' && hasGallery ? { kind: 'part', part: 'gallery' } : { kind: 'rest' };
}

/** Ranks of recall, ascending, 1 always among them. */
export function ranksOf(gallery: Gallery, { recallAt }: Scoring): number[] {
  const ranks = recallAt ?? (gallery.kind === 'part' ? [1, 10, 20, 30] : [1, 2, 4, 8]);
  return [...new Set([1, ...ranks])].sort((a, b) => a - b);
}

/** The gallery for the worker, and as the protocol says it. Embeds the other part where that is asked for. */
export async function prepareGallery(
  context: ServiceContext,
  job: JobContext,
  model: EmbeddingModel,
  subject: Subject,
  gallery: Gallery,
): Promise<{ readonly task: EvaluateTask['gallery']; readonly words: string }> {
  if (gallery.kind === 'rest') return { task: gallery, words: 'all other images of the part' };
  if (gallery.kind === 'per-class') {
    const { images, seed } = gallery;
    const many = images === 1 ? '1 image' : `${images} images`;
    return { task: gallery, words: `${many} of each class, drawn with seed ${seed}` };
  }
  if (gallery.part === subject.part)
    throw new UserError(
      'bad-input',
      `The part "${gallery.part}" cannot be searched in itself this way. Leave the gallery out, or name another part.`,
    );
  const embedding = await embedPart(context, job, { model, ...subject, part: gallery.part });
  const hash = splitHashFor(subject.split, gallery.part, embedding.content).slice(0, 12);
  return { task: { kind: 'file', file: embedding.file }, words: `part ${gallery.part}, ${hash}` };
}

/** Vectors of the validation classes under the same model; null where there are none or they are what is scored. */
export async function thresholdVectors(
  context: ServiceContext,
  job: JobContext,
  model: EmbeddingModel,
  subject: Subject,
): Promise<EvaluateTask['thresholdsFrom']> {
  const counts = context.splits.partCounts(subject.split.id).get(THRESHOLDS);
  if (subject.part === 'train' || subject.part === THRESHOLDS || (counts?.images ?? 0) < 2) return null;
  const { file } = await embedPart(context, job, { model, ...subject, part: THRESHOLDS });
  return { file, part: THRESHOLDS };
}

/** The newest evaluation of these vectors that was made in the same way and has all that is asked for. */
export function knownEvaluation(
  context: ServiceContext,
  by: {
    readonly dataset: number;
    readonly embedding: string;
    readonly model: EmbeddingModel;
    readonly gallery: string;
    readonly recallAt: readonly number[];
  },
): EvaluationRecord | undefined {
  const { evaluations, catalog } = context;
  return evaluations.list({ dataset: by.dataset }).find((record) => {
    if (record.embedding !== by.embedding || record.run !== by.model.run) return false;
    const protocol = JSON.parse(record.protocol) as { checkpointRule: string; gallery?: string };
    const scores = JSON.parse(record.scores) as Record<string, unknown>;
    return (
      protocol.checkpointRule === by.model.checkpointRule &&
      protocol.gallery === by.gallery &&
      by.recallAt.every((k) => `recall@${k}` in scores) &&
      catalog.files.has(evaluations.fileOf(record))
    );
  });
}
