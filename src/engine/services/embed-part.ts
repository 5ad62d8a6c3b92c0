import { UserError } from '#shared/rpc/errors.ts';
import type { Embedding } from '#catalog/repositories/embeddings.ts';
import type { SplitRecord } from '#catalog/repositories/splits.ts';
import type { JobContext } from '../jobs/job-runner.ts';
import type { EmbeddingModel } from './model-source.ts';
import { partContent } from './part-content.ts';
import { wasTrainedOn } from './trained-classes.ts';
import type { ServiceContext } from './service-context.ts';

/** The vectors of a part under a model: those that exist, else new ones from a worker. */
export async function embedPart(
  context: ServiceContext,
  job: JobContext,
  wish: {
    readonly model: EmbeddingModel;
    readonly split: SplitRecord;
    readonly part: string;
    readonly backend: string;
  },
): Promise<Embedding> {
  const { embeddings, catalog, splits } = context;
  const { model, split, part } = wish;
  const key = {
    split: split.id,
    part,
    modelHash: model.hash,
    size: model.size,
    datasetRevision: split.dataset_revision,
    content: await partContent(catalog, split.id, part),
  };
  const known = embeddings.findByKey(key);
  if (known !== undefined && catalog.files.has(known.file)) {
    job.log('info', `Using the ${part} vectors of ${model.title} that exist.`);
    return known;
  }
  if ((splits.partCounts(split.id).get(part)?.images ?? 0) < 2)
    throw new UserError(
      'bad-input',
      `The part "${part}" of the split "${split.name}" has fewer than two images. Choose another part.`,
    );
  const result = await job.task('embed', {
    model: model.model,
    splitId: split.id,
    part,
    closedSet: model.run !== null && part !== 'train' && wasTrainedOn(catalog, split.id, part, 'every'),
    backend: wish.backend as 'auto',
  });
  // An import may have run beside the worker: then nobody knows which pixels it saw.
  if ((await partContent(catalog, split.id, part)) !== key.content)
    throw new UserError('conflict', 'Images changed while they were embedded. Start this job again.');
  return embeddings.insert({
    ...key,
    dataset: split.dataset,
    source: model.source,
    run: model.run,
    rows: result.rows,
    dim: result.dim,
    file: result.file,
    seconds: result.seconds,
    createdAt: context.now(),
  });
}
