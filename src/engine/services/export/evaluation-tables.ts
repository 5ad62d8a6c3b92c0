import { classResults } from '../class-results.ts';
import { evaluatedImages } from '../evaluated-images.ts';
import { LabelledImages } from '../labelled-images.ts';
import type { ServiceContext } from '../service-context.ts';
import { withArrays } from '../stored-array.ts';
import type { Cell, Table } from './tables.ts';

/** How every class of an evaluation does, worst first. */
export async function classesTable(context: ServiceContext, evaluationId: string): Promise<Table> {
  const results = await classResults(context, context.evaluations.require(evaluationId));
  return {
    columns: [
      'classId',
      'class',
      'queries',
      'hits',
      'recallAt1',
      'mapAtR',
      'rPrecision',
      'mrr',
      'confusedWith',
      'confusedQueries',
    ],
    rows: results.map((one) => [
      one.classId,
      one.class,
      one.queries,
      one.hits,
      one.recallAt1,
      one.averagePrecisionAtR,
      one.rPrecision,
      one.reciprocalRank,
      one.confusedWith?.class ?? null,
      one.confusedWith?.queries ?? null,
    ]),
  };
}

/** Every query of an evaluation with the rank of its first hit and what it finds first, worst first. */
export async function queriesTable(context: ServiceContext, evaluationId: string): Promise<Table> {
  const { evaluations, catalog } = context;
  const evaluation = evaluations.require(evaluationId);
  return withArrays(catalog, evaluations.fileOf(evaluation), async (file) => {
    const { queries, neighbors } = await evaluatedImages(context, evaluation, file);
    const [order, rows, lists, rank] = await Promise.all([
      file.ints('order'),
      file.ints('queryRows'),
      file.ints('neighbors'),
      file.ints(file.has('rank') ? 'rank' : 'firstHitRank'),
    ]);
    const [distances, precision, margin] = await Promise.all([
      file.floats('distances'),
      file.floats('averagePrecisionAtR'),
      file.floats('margin'),
    ]);
    const rPrecision = file.has('rPrecision') ? await file.floats('rPrecision') : null;
    const keep = rows.length === 0 ? 0 : lists.length / rows.length;
    const images = new LabelledImages(context);
    function* cells(): Generator<Cell[]> {
      for (const query of order) {
        const row = rows[query]!;
        const [imageId, label] = [queries.imageIds[row]!, queries.labels[row]!];
        const self = images.describe(imageId, label);
        const first = lists[query * keep]!;
        const [nearestId, nearestLabel] = [neighbors.imageIds[first]!, neighbors.labels[first]!];
        const near = images.describe(nearestId, nearestLabel);
        yield [
          imageId,
          self.path,
          self.class,
          rank[query]!,
          precision[query]!,
          rPrecision === null ? null : rPrecision[query]!,
          Number.isFinite(margin[query]!) ? margin[query]! : null,
          nearestId,
          near.path,
          near.class,
          distances[query * keep]!,
        ];
      }
    }
    const own = ['imageId', 'path', 'class', 'rank', 'mapAtR', 'rPrecision', 'margin'];
    const found = ['nearestId', 'nearestPath', 'nearestClass', 'nearestDistance'];
    return { columns: [...own, ...found], rows: cells() };
  });
}
