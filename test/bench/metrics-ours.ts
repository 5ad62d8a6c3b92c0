import { createInterface } from 'node:readline';
import { bootstrapMeans } from '#learn/metrics/bootstrap.ts';
import { lloyd } from '#learn/metrics/k-means.ts';
import { ClassMembers } from '#learn/miners/class-members.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { ExactIndex } from '#search/exact.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { queryColumns } from '#workers/embed/query-columns.ts';
import { scoreQueries } from '#workers/embed/score-queries.ts';
import type { MetricsRequest } from './metrics.ts';

/**
 * Our side of the metrics bench: answers the same requests as `torch/metrics_peer.py`, one JSON object a line. Argument:
 * threads. What every answer leaves out is what PyTorch's side has not: intervals.
 */
const RANKS = [1, 2, 4, 8];
const ITERATIONS = 10;
await openBackend('tensorflow', { threads: Number(process.argv[2] ?? '1') });
const sets = new Map<string, { data: Float32Array; labels: Int32Array }>();

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as MetricsRequest;
  const ms: number[] = [];
  let value = 0;
  for (let i = 0; i < request.repeat; i++) {
    const { data, labels } = vectors(request);
    const started = performance.now();
    value =
      request.work === 'clustering'
        ? await clustering(request, data)
        : await retrieval(request, data, labels, request.ranks ?? RANKS);
    ms.push(performance.now() - started);
  }
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ ms, value, megabytes })}\n`);
}

/** Classes of `each` points around a centre; the program scales them itself. */
function vectors({ rows, dim, each }: MetricsRequest): { data: Float32Array; labels: Int32Array } {
  const key = `${rows} ${dim} ${each}`;
  const known = sets.get(key);
  if (known !== undefined) return known;
  const classes = Math.floor(rows / each);
  const random = createRandom(1);
  const centers = Float32Array.from({ length: classes * dim }, () => random.next() - 0.5);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const data = new Float32Array(rows * dim);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let d = 0; d < dim; d++, at++)
      data[at] = centers[labels[row]! * dim + d]! + 1.75 * (random.next() - 0.5);
  }
  sets.set(key, { data, labels });
  return { data, labels };
}

/** R@1/2/4/8, R-precision, MAP@R and MRR, every row against all others. */
async function retrieval(
  { rows, dim, each }: MetricsRequest,
  data: Float32Array,
  labels: Int32Array,
  ranks: readonly number[],
): Promise<number> {
  const space = new VectorSpace({ data, rows, dim }, 'cosine');
  const index = await ExactIndex.build(space);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const members = new ClassMembers(labels);
  const set = { queries: space, gallery: space, queryLabels: labels, members };
  const scores = await scoreQueries(
    index,
    { ...set, queryRows: all, galleryRows: all, galleryIds: null },
    { keep: each, signal: new AbortController().signal, onBlock: () => Promise.resolve() },
  );
  index.dispose();
  const means = bootstrapMeans(queryColumns(scores, new Float32Array(rows), ranks), { samples: 2, seed: 0 });
  return means['recall@1']!.value;
}

/** Ten of Lloyd's iterations from the first points, as many clusters as classes. @returns the inertia */
async function clustering({ rows, dim, each }: MetricsRequest, data: Float32Array): Promise<number> {
  const unit = new VectorSpace({ data, rows, dim }, 'cosine');
  const scaled = data.map((value, at) => value * unit.scaleOf(Math.floor(at / dim)));
  const k = Math.floor(rows / each);
  const start = Float64Array.from(scaled.subarray(0, k * dim));
  const points = new VectorSpace({ data: scaled, rows, dim }, 'euclidean');
  return (await lloyd(points, start, k, { maxIterations: ITERATIONS })).inertia;
}
