import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { type Metric, VectorSpace, type VectorTable } from '#learn/space/vector-space.ts';
import { mineTriplets } from '#learn/miners/smart.ts';
import { ExactIndex, collectNeighbors } from '#search/exact.ts';
import { HnswIndex, USUAL_SETTINGS } from '#search/hnsw/hnsw-index.ts';
import type { NeighborBlock } from '#search/neighbor-index.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type SearchAnswer, type SearchRequest, classOf } from './search-set.ts';

/**
 * Our side of the search bench: answers the same requests as `faiss/search_peer.py`, one JSON object a line. Arguments:
 * threads, file of the vectors, file of the queries, dimensions.
 */
const [threads = '1', vectors = '', asked = '', dimensions = '64'] = process.argv.slice(2);
const dim = Number(dimensions);
const metric: Metric = 'euclidean';
await openBackend('tensorflow', { threads: Number(threads) });
const table = await tableOf(vectors);
const resting = process.memoryUsage.rss();
let peak = resting;
const space = new VectorSpace(table, metric);
const queries = new VectorSpace(await tableOf(asked), metric, space);
let exact: { index: ExactIndex; lists: NeighborBlock } | undefined;
const graphs = new Map<number, HnswIndex>();

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as SearchRequest;
  process.stdout.write(`${JSON.stringify(await answer(request))}\n`);
}

async function answer({ work, width = USUAL_SETTINGS.searchWidth }: SearchRequest): Promise<SearchAnswer> {
  if (work === 'exact') {
    const index = exact?.index ?? (await ExactIndex.build(space));
    const { value, ...times } = await timed(() => collectNeighbors(index.search(queries, 10)));
    exact = { index, lists: value };
    return times;
  }
  if (work === 'mine') {
    const labels = Int32Array.from({ length: table.rows }, (_, row) => classOf(row));
    const { value: _, ...times } = await timed(() =>
      mineTriplets(space, labels, { rule: 'smart', margin: 0.2 }),
    );
    return times;
  }
  if (work === 'memory') {
    return { ms: 0, cpu: 0, megabytes: (peak - resting) / 2 ** 20 };
  }
  if (work === 'build') {
    const { value, ...times } = await timed(() =>
      HnswIndex.build(space, { threads: Number(threads), searchWidth: width, recall: { sample: 1 } }),
    );
    graphs.set(width, value);
    return times;
  }
  const index = graphs.get(width)!;
  const { value, ...times } = await timed(() => collectNeighbors(index.search(queries, 10)));
  return { ...times, value: recallOf(value) };
}

function recallOf(found: NeighborBlock): number {
  const lists = exact!.lists;
  let hits = 0;
  for (let i = 0; i < found.count; i++) {
    const list = new Set(lists.indices.subarray(i * 10, i * 10 + 10));
    for (const row of found.indices.subarray(i * 10, i * 10 + 10)) if (list.has(row)) hits++;
  }
  return hits / found.indices.length;
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number; cpu: number }> {
  const [started, used] = [performance.now(), process.cpuUsage()];
  const value = await work();
  const { user, system } = process.cpuUsage(used);
  peak = Math.max(peak, process.memoryUsage.rss());
  return { value, ms: performance.now() - started, cpu: (user + system) / 1000 };
}

async function tableOf(path: string): Promise<VectorTable> {
  const bytes = await readFile(path);
  const data = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  return { data, rows: data.length / dim, dim };
}
