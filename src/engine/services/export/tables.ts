import { readMembers } from '#catalog/part-reader.ts';
import type { ServiceContext } from '../service-context.ts';
import { evaluatedImages } from '../evaluated-images.ts';
import { LabelledImages } from '../labelled-images.ts';
import { withArrays } from '../stored-array.ts';

export type Cell = string | number | boolean | null;

/** Named columns and rows that are made as they are written. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

const PARTS = ['train', 'validation', 'test', 'query', 'gallery'];

/** Every image of a dataset with its class as it is now. */
export function datasetTable(context: ServiceContext, dataset: number): Table {
  const ids = context.catalog
    .sql<number>(`SELECT id FROM images INDEXED BY images_by_path WHERE dataset = ? ORDER BY path`)
    .pluck()
    .all(dataset);
  function* rows(): Generator<Cell[]> {
    for (const id of ids) {
      const image = context.images.find(id)!;
      if (image.gone === 1) continue;
      const [row] = context.images.rows([id]);
      yield [
        id,
        image.path,
        row!.className,
        row!.excluded,
        row!.tags.join(';'),
        image.width,
        image.height,
        image.format,
      ];
    }
  }
  return {
    columns: ['imageId', 'path', 'class', 'excluded', 'tags', 'width', 'height', 'format'],
    rows: rows(),
  };
}

/** Members of a split with the class that it saw. */
export function splitTable(context: ServiceContext, splitId: string): Table {
  const images = new LabelledImages(context);
  function* rows(): Generator<Cell[]> {
    for (const part of PARTS) {
      const { imageIds, labels } = readMembers(context.catalog, splitId, part);
      for (let row = 0; row < imageIds.length; row++) {
        const one = images.describe(imageIds[row]!, labels[row]!);
        yield [part, imageIds[row]!, one.path, one.class, labels[row]!];
      }
    }
  }
  return { columns: ['part', 'imageId', 'path', 'class', 'classId'], rows: rows() };
}

/** The stored neighbours of every query of an evaluation. */
export async function neighborsTable(context: ServiceContext, evaluationId: string): Promise<Table> {
  const { evaluations, catalog } = context;
  const evaluation = evaluations.require(evaluationId);
  return withArrays(catalog, evaluations.fileOf(evaluation), async (file) => {
    const [queryRows, lists, distances] = [
      await file.ints('queryRows'),
      await file.ints('neighbors'),
      await file.floats('distances'),
    ];
    const { queries, neighbors } = await evaluatedImages(context, evaluation, file);
    const keep = queryRows.length === 0 ? 0 : lists.length / queryRows.length;
    const images = new LabelledImages(context);
    function* rows(): Generator<Cell[]> {
      for (let query = 0; query < queryRows.length; query++) {
        const row = queryRows[query]!;
        const [queryId, queryLabel] = [queries.imageIds[row]!, queries.labels[row]!];
        const self = images.describe(queryId, queryLabel);
        for (let rank = 0; rank < keep; rank++) {
          const other = lists[query * keep + rank]!;
          if (other < 0) continue;
          const near = images.describe(neighbors.imageIds[other]!, neighbors.labels[other]!);
          const distance = distances[query * keep + rank]!;
          const hit = neighbors.labels[other] === queryLabel;
          yield [
            queryId,
            self.path,
            self.class,
            rank + 1,
            neighbors.imageIds[other]!,
            near.path,
            near.class,
            distance,
            hit,
          ];
        }
      }
    }
    const columns = [
      'queryId',
      'queryPath',
      'queryClass',
      'rank',
      'imageId',
      'path',
      'class',
      'distance',
      'hit',
    ];
    return { columns, rows: rows() };
  });
}

/** All triplets of a refresh with what people said of them. */
export async function tripletsTable(context: ServiceContext, refreshId: string): Promise<Table> {
  const { refreshes, catalog, images } = context;
  const refresh = refreshes.require(refreshId);
  const verdicts = refreshes.verdicts(refreshId);
  return withArrays(catalog, refreshes.fileOf(refresh), async (file) => {
    const [anchor, positive, negative] = [
      await file.ints('anchor'),
      await file.ints('positive'),
      await file.ints('negative'),
    ];
    const [near, far] = [await file.floats('anchorPositive'), await file.floats('anchorNegative')];
    const path = (id: number): string => images.find(id)?.path ?? '';
    function* rows(): Generator<Cell[]> {
      for (let row = 0; row < anchor.length; row++) {
        const ids = [anchor[row]!, positive[row]!, negative[row]!];
        yield [
          row,
          ...ids,
          ...ids.map(path),
          near[row]!,
          far[row]!,
          near[row]! - far[row]!,
          verdicts.get(row) ?? null,
        ];
      }
    }
    const columns = ['row', 'anchor', 'positive', 'negative', 'anchorPath', 'positivePath', 'negativePath'];
    return {
      columns: [...columns, 'anchorPositive', 'anchorNegative', 'violation', 'verdict'],
      rows: rows(),
    };
  });
}

/** The vectors of an embedding, one row an image, with its class and path in front. */
export async function embeddingTable(context: ServiceContext, file: string): Promise<Table> {
  const { imageIds, labels, vectors, dim } = await vectorRows(context, file);
  const images = new LabelledImages(context);
  function* rows(): Generator<Cell[]> {
    for (let row = 0; row < imageIds.length; row++) {
      const self = images.describe(imageIds[row]!, labels[row]!);
      yield [imageIds[row]!, self.path, self.class, ...vectors.subarray(row * dim, (row + 1) * dim)];
    }
  }
  return {
    columns: ['imageId', 'path', 'class', ...Array.from({ length: dim }, (_, index) => `v${index}`)],
    rows: rows(),
  };
}

export async function vectorRows(
  context: ServiceContext,
  file: string,
): Promise<{ imageIds: Int32Array; labels: Int32Array; vectors: Float32Array; dim: number }> {
  return withArrays(context.catalog, file, async (arrays) => {
    const [imageIds, labels, vectors] = [
      await arrays.ints('imageIds'),
      await arrays.ints('labels'),
      await arrays.floats('vectors'),
    ];
    return { imageIds, labels, vectors, dim: imageIds.length === 0 ? 0 : vectors.length / imageIds.length };
  });
}
