import type { Neighbor } from '#shared/domain/evaluation.ts';
import type { ServiceContext } from '../../service-context.ts';
import { withArrays } from '../../stored-array.ts';
import { NeighborsService } from '../../neighbors-service.ts';

export interface ComparedQuery {
  readonly imageId: number;
  readonly class: string;
  readonly before: readonly Neighbor[];
  readonly after: readonly Neighbor[];
}

const QUERIES = 6;
const STILL_WRONG = 2;
const NEIGHBORS = 7;

/**
 * Queries to look at: most of them went from a wrong to a right nearest neighbour, two are still wrong. Where there are
 * too few of a kind, others fill up. Spread over the part, so that they are not all of one class.
 */
export async function chosenQueries(
  context: ServiceContext,
  evaluationId: string,
  zeroShotId: string,
): Promise<ComparedQuery[]> {
  const after = await recallByImage(context, evaluationId);
  const before = await recallByImage(context, zeroShotId);
  const ids = [...after.keys()].filter((id) => before.has(id));
  const gained = ids.filter((id) => before.get(id)! < 0.5 && after.get(id)! >= 0.5);
  const wrong = ids.filter((id) => after.get(id)! < 0.5);
  const chosen = new Set([...spread(gained, QUERIES - STILL_WRONG), ...spread(wrong, STILL_WRONG)]);
  for (const id of spread(ids, QUERIES)) if (chosen.size < QUERIES) chosen.add(id);
  const neighbors = new NeighborsService(context);
  return Promise.all(
    [...chosen].map(async (imageId) => {
      const trained = await neighbors.ofImage(evaluationId, imageId, NEIGHBORS);
      const untrained = await neighbors.ofImage(zeroShotId, imageId, NEIGHBORS);
      return {
        imageId,
        class: trained.query.class ?? '',
        before: untrained.neighbors,
        after: trained.neighbors,
      };
    }),
  );
}

async function recallByImage(context: ServiceContext, evaluationId: string): Promise<Map<number, number>> {
  const { evaluations, embeddings, catalog } = context;
  const evaluation = evaluations.require(evaluationId);
  const imageIds = await withArrays(catalog, embeddings.find(evaluation.embedding)!.file, (file) =>
    file.ints('imageIds'),
  );
  return withArrays(catalog, evaluations.fileOf(evaluation), async (file) => {
    const rows = await file.ints('queryRows');
    const recall = await file.floats('recallAt1');
    return new Map([...rows].map((row, query) => [imageIds[row]!, recall[query]!]));
  });
}

function spread(ids: readonly number[], count: number): number[] {
  const wanted = Math.min(count, ids.length);
  return Array.from({ length: wanted }, (_, index) => ids[Math.floor((index * ids.length) / wanted)]!);
}
