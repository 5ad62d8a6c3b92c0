import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Client } from '#shared/contract/index.ts';
import type { Evaluation, Neighbor } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { evaluationOfRun } from '../evaluations/evaluate.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';

interface NeighborList {
  readonly query: { readonly imageId: number | null; readonly path: string; readonly class: string | null };
  readonly neighbors: readonly Neighbor[];
}

const mark = (hit: boolean | null): string => (hit === null ? '' : hit ? 'hit' : 'miss');

export function describeNeighbors({ query, neighbors }: NeighborList): string {
  const rows = neighbors.map(({ hit, distance, class: name, path: file }, i) => [
    String(i + 1),
    mark(hit),
    distance.toFixed(4),
    name,
    file,
  ]);
  return [
    `${query.path}${query.class === null ? '' : ` (${query.class})`}`,
    table(['#', '', 'distance', 'class', 'image'], rows, [0, 2]),
  ].join('\n');
}

/** An image by its id, by its path inside the dataset, or by a file on disk. */
async function lookUp(
  client: Client,
  evaluation: Evaluation,
  query: string,
  k: number,
): Promise<NeighborList> {
  const at = { evaluation: evaluation.id, k };
  const imageId = /^\d+$/.test(query)
    ? Number(query)
    : await imageByPath(client, evaluation.datasetId, query);
  if (imageId !== null) return ofImage(client, evaluation, imageId, k);
  if (existsSync(query)) return client.neighbors.ofFile({ ...at, path: path.resolve(query) });
  throw new UserError(
    'not-found',
    `"${query}" is neither an image of the dataset nor a file here. Give an image id, its path in the dataset, or a file.`,
  );
}

/**
 * Neighbours of an image of the dataset. One outside the evaluated part (of training, say), or alone in its class there,
 * is in no stored list: its file is embedded now.
 */
async function ofImage(
  client: Client,
  evaluation: Evaluation,
  imageId: number,
  k: number,
): Promise<NeighborList> {
  try {
    return await client.neighbors.ofImage({ evaluation: evaluation.id, imageId, k });
  } catch (error) {
    if (!(error instanceof UserError && error.code === 'not-found')) throw error;
    const image = await client.images.get({ imageId }).catch(() => null);
    if (image?.datasetId !== evaluation.datasetId) throw error;
    const { rootPath } = await client.datasets.get({ dataset: evaluation.datasetId });
    const file = path.join(rootPath, image.path);
    // One more than asked for: the image itself may be among them.
    const found = await client.neighbors.ofFile({
      evaluation: evaluation.id,
      path: file,
      k: Math.min(k + 1, 100),
    });
    const neighbors = found.neighbors
      .filter((neighbor) => neighbor.imageId !== imageId)
      .slice(0, k)
      .map((neighbor) => ({ ...neighbor, hit: neighbor.class === image.className }));
    return { query: { imageId, path: image.path, class: image.className }, neighbors };
  }
}

/** The dataset's image with exactly this path: relative to its folder, or absolute inside it. */
async function imageByPath(client: Client, datasetId: string, query: string): Promise<number | null> {
  const { rootPath } = await client.datasets.get({ dataset: datasetId });
  const relative =
    path.isAbsolute(query) || existsSync(query) ? path.relative(rootPath, path.resolve(query)) : query;
  const wanted = relative.split(path.sep).join('/').normalize('NFC');
  if (wanted.split('/')[0] === '..') return null;
  const search = (wanted.split('/').at(-1) ?? wanted).slice(0, 200);
  const { queryId, count } = await client.images.query({ dataset: datasetId, filter: { search } });
  for (let offset = 0; offset < count; offset += 500) {
    const rows = await client.images.slice({ queryId, offset, limit: 500 });
    const found = rows.find((row) => row.path === wanted);
    if (found) return found.id;
  }
  return null;
}

export const neighborsCommand = command({
  name: 'neighbors',
  summary: "show an image's nearest neighbours in a run's embedding",
  arguments: [],
  options: {
    run: { type: 'text', help: 'the run, by name or id' },
    evaluation: { type: 'text', value: 'ID', help: "an evaluation's id instead of a run" },
    query: { type: 'text', value: 'IMAGE', help: 'an image id, its path in the dataset, or a file on disk' },
    k: { type: 'integer', min: 1, max: 100, default: 10, help: 'how many' },
  },
  examples: [
    'neighbors --run run_x7k2m9p4 --query jay/003.jpg',
    'neighbors --run run_x7k2m9p4 --query ~/photo.jpg -k 5',
  ],
  async run({ options }, session) {
    const { run, evaluation: id, query, k } = options;
    if (query === undefined)
      throw new UserError(
        'bad-input',
        '"neighbors" needs --query: an image id, its path in the dataset, or a file.',
      );
    if (run === undefined && id === undefined)
      throw new UserError('bad-input', '"neighbors" needs --run RUN or --evaluation ID.');
    const client = await session.client();
    const evaluation =
      id === undefined
        ? await evaluationOfRun(session, run ?? '')
        : await client.evaluations.get({ evaluation: id });
    const list = await lookUp(client, evaluation, query, k);
    return { json: list, text: describeNeighbors(list) };
  },
});
