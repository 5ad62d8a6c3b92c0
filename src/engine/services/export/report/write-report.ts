import type { Triplet } from '#shared/domain/triplet.ts';
import type { MediaService } from '../../media-service.ts';
import type { ServiceContext } from '../../service-context.ts';
import { TripletsService } from '../../triplets-service.ts';
import { chosenQueries } from './chosen-queries.ts';
import { reportPage } from './page.ts';

const TRIPLETS = 12;
const MAX_POINTS = 20_000;

/** A run's report as the text of one HTML file: scores before and after, curves, queries, triplets, settings. */
export async function writeReport(
  context: ServiceContext,
  media: MediaService,
  runId: string,
): Promise<string> {
  const { runs, points, evaluations, datasets, now } = context;
  const record = runs.require(runId);
  const run = runs.toRun(record);
  const all = evaluations.list({ run: runId });
  const chosen = all.find((one) => one.part === 'test') ?? all[0];
  const evaluation = chosen === undefined ? null : evaluations.toEvaluation(chosen);
  const zeroShotId = evaluation?.zeroShot?.evaluationId;
  const zeroShot =
    zeroShotId === undefined ? null : evaluations.toEvaluation(evaluations.require(zeroShotId));
  const queries =
    evaluation === null || zeroShot === null ? [] : await chosenQueries(context, evaluation.id, zeroShot.id);
  const triplets = await hardest(context, runId);
  const shown = new Set([
    ...queries.flatMap((query) => [
      query.imageId,
      ...query.before.map((one) => one.imageId),
      ...query.after.map((one) => one.imageId),
    ]),
    ...triplets.flatMap((one) => [one.anchor.imageId, one.positive.imageId, one.negative.imageId]),
  ]);
  const pictures = new Map<number, string>();
  for (const imageId of shown) {
    if (imageId === null) continue;
    const thumbnail = await media.thumbnail(imageId);
    if (thumbnail === null) continue;
    const { body, type } = thumbnail;
    pictures.set(imageId, `data:${type};base64,${Buffer.from(body).toString('base64')}`);
  }
  return reportPage({
    run,
    points: points.list(runId, 0, MAX_POINTS),
    evaluation,
    zeroShot,
    queries,
    triplets,
    licence: datasets.byKey(record.dataset).licence,
    picture: (imageId) => pictures.get(imageId) ?? '',
    madeAt: new Date(now()).toISOString().slice(0, 16).replace('T', ' '),
  });
}

async function hardest(context: ServiceContext, runId: string): Promise<Triplet[]> {
  const [refresh] = context.refreshes.list({ run: runId });
  if (refresh === undefined) return [];
  const page = { sort: 'hardness', verdict: 'any', offset: 0, limit: TRIPLETS } as const;
  return (await new TripletsService(context).list(refresh.id, page)).rows;
}
