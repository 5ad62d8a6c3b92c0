import { type Metric, VectorSpace, type VectorTable } from '#learn/space/vector-space.ts';
import { ExactIndex, collectNeighbors } from '#search/exact.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, check, exact, numberOf, tensorOf } from '../case.ts';
import { hashedValues, tableOf } from './tables.ts';

async function search(base: VectorTable, queries: VectorTable, k: number, metric: Metric) {
  await openParityBackend();
  const space = new VectorSpace(base, metric);
  const index = await ExactIndex.build(space);
  const found = await collectNeighbors(index.search(new VectorSpace(queries, metric, space), k));
  index.dispose();
  // The references give squared distances.
  return {
    indices: found.indices,
    values: metric === 'euclidean' ? found.distances.map((d) => d * d) : found.distances,
  };
}

export const compareSmallSearch: Adapter = async (example) => {
  const { inputs, params, expected } = example;
  const points = tableOf(inputs['points']!);
  const k = numberOf(params['k']);
  const near = await search(points, points, k, 'euclidean');
  const products = await search(points, points, k, 'inner-product');
  return [
    exact('l2Indices', near.indices, tensorOf(expected['l2Indices']).data),
    check('l2Values', near.values, tensorOf(expected['l2Values']).data, example, ['float32']),
    exact('ipIndices', products.indices, tensorOf(expected['ipIndices']).data),
    check('ipValues', products.values, tensorOf(expected['ipValues']).data, example, ['float32']),
  ];
};

const CENTRES = 40;

export const compareFlatSearch: Adapter = async (example) => {
  const { inputs, params, expected } = example;
  const dim = numberOf(params['D']);
  const salt = params['salt'] as string;
  const centres = hashedValues('knn/centres', CENTRES * dim);
  const vectors = (name: string, rows: number): VectorTable => {
    const noise = hashedValues(`${salt}${name}`, rows * dim);
    const data = Float32Array.from(
      noise,
      (u, i) => centres[(Math.floor(i / dim) % CENTRES) * dim + (i % dim)]! + 0.9 * u,
    );
    return { data, rows, dim };
  };
  const base = vectors('knn/base', numberOf(params['N']));
  const queries = vectors('knn/queries', numberOf(params['queries']));
  const k = numberOf(params['k']);
  const found = await search(base, queries, k, params['metric'] === 'ip' ? 'inner-product' : 'euclidean');
  const ambiguous = new Set(expected['ambiguousQueries'] as number[]);
  const sure = (values: ArrayLike<number>): number[] =>
    Array.from(values).filter((_, i) => !ambiguous.has(Math.floor(i / k)));
  return [
    exact('first row', base.data.subarray(0, dim), inputs['firstBaseRow']!.data),
    exact('first query', queries.data.subarray(0, dim), inputs['firstQueryRow']!.data),
    exact('indices', sure(found.indices), sure(tensorOf(expected['indices']).data)),
    check('values', found.values, tensorOf(expected['values']).data, example, ['float32']),
  ];
};
