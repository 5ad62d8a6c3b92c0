import type { Storage } from './hnsw/graph.ts';

/** What a search is for. */
export interface SearchPlan {
  readonly rows: number;
  readonly dim: number;
  /** How many queries will be asked until the vectors change. */
  readonly queries: number;
  readonly device: 'cpu' | 'gpu';
  /** Scores and whatever else is reported must be exact. */
  readonly mustBeExact?: boolean;
  /** An index of these vectors is kept already, so that building costs nothing. */
  readonly kept?: boolean;
}

export interface IndexChoice {
  readonly kind: 'exact' | 'hnsw';
  /** Why, in a sentence with the figures. */
  readonly reason: string;
  /** What the index adds to the vectors themselves, and the largest block of a search. */
  readonly bytes: number;
  /** `bytes`, for people. */
  readonly memory: string;
}

/**
 * CPU time on one core, measured by `test/bench/search-ours.ts` with 60,000 vectors: of one query and row exactly, of
 * linking a row, and of a query of the usual graph (recall@10 of 0.95 at 64 dimensions, of 0.82 at 256, where vectors
 * without structure are hard). Other work ran beside. A graph's times grow with the logarithm of the rows.
 */
const MEASURED = [
  { dim: 64, pairNanoseconds: 1.9, linkMicroseconds: 82, queryMicroseconds: 280 },
  { dim: 256, pairNanoseconds: 5.3, linkMicroseconds: 233, queryMicroseconds: 820 },
] as const;
const MEASURED_ROWS = 60_000;
/** A GPU multiplies this much faster; the rest of an exact search stays on the CPU. Estimated, not measured. */
const GPU_FACTOR = 0.2;
/** Links of the usual graph: 64 on the lowest level, 4 bytes each, and the hash table of its rows. */
const GRAPH_BYTES_PER_ROW = 64 * 4 + 64;
const VALUE_BYTES: Record<Storage, number> = { float32: 4, half: 2, int8: 1 };
const EXACT_BLOCK_BYTES = 62 * 2 ** 20;

/** Exact or a graph: whichever takes less time in all, building included, unless one is `wanted`. A pure function. */
export function chooseIndex(plan: SearchPlan, wanted?: IndexChoice['kind']): IndexChoice {
  const exact = exactSeconds(plan);
  const graph = graphSeconds(plan);
  const numbers = `${count(plan.queries)} queries of ${count(plan.rows)} x ${plan.dim}: exactly about ${seconds(exact)}, by a graph about ${seconds(graph)}${plan.kept === true ? '' : ' with its build'}`;
  const faster = plan.mustBeExact === true || exact <= graph ? 'exact' : 'hnsw';
  const kind = wanted ?? faster;
  const reason = plan.mustBeExact === true ? `Scores are exact. ${numbers}.` : `${numbers} (one core).`;
  return { kind, reason, ...memoryOf(plan, kind) };
}

/** The rows from which on a graph, built and asked for every row once, takes less time than an exact search. */
export function wholeSetCrossover(dim: number, device: 'cpu' | 'gpu'): number {
  let rows = 1000;
  for (; rows < 1e9; rows *= 1.05) {
    const plan = { rows, dim, queries: rows, device };
    if (graphSeconds(plan) < exactSeconds(plan)) break;
  }
  return Math.round(rows);
}

/** What an index takes beside the vectors, said before it is built. */
export function memoryOf(
  { rows, dim }: Pick<SearchPlan, 'rows' | 'dim'>,
  kind: 'exact' | 'hnsw',
  storage: Storage = 'half',
): Pick<IndexChoice, 'bytes' | 'memory'> {
  const own = rows * 24;
  const bytes =
    kind === 'exact'
      ? own + rows * (dim + 1) * 4 + EXACT_BLOCK_BYTES
      : own + rows * (dim * VALUE_BYTES[storage] + GRAPH_BYTES_PER_ROW);
  const raw = rows * dim * 4;
  const form = kind === 'exact' ? 'An exact search' : `A graph with ${WORDS[storage]}`;
  return { bytes, memory: `${form} takes about ${size(bytes)} beside the vectors' ${size(raw)}.` };
}

const WORDS: Record<Storage, string> = {
  float32: 'full precision',
  half: 'half precision',
  int8: '8 bits a value',
};

function exactSeconds({ rows, dim, queries, device }: SearchPlan): number {
  const factor = device === 'gpu' ? GPU_FACTOR : 1;
  return queries * rows * at(dim, 'pairNanoseconds') * factor * 1e-9;
}

function graphSeconds({ rows, dim, queries, kept }: SearchPlan): number {
  const growth = Math.log(rows + 2) / Math.log(MEASURED_ROWS);
  const build = kept === true ? 0 : rows * at(dim, 'linkMicroseconds');
  return (build + queries * at(dim, 'queryMicroseconds')) * growth * 1e-6;
}

/** Between and beyond the measured dimensions in proportion. */
function at(dim: number, column: 'pairNanoseconds' | 'linkMicroseconds' | 'queryMicroseconds'): number {
  const [low, high] = MEASURED;
  const slope = (high[column] - low[column]) / (high.dim - low.dim);
  return Math.max(low[column] / 4, low[column] + slope * (dim - low.dim));
}

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const seconds = (value: number): string =>
  value < 1 ? `${(value * 1000).toFixed(1)} ms` : `${value.toFixed(1)} s`;
const size = (bytes: number): string =>
  bytes < 2 ** 30 ? `${Math.ceil(bytes / 2 ** 20)} MB` : `${(bytes / 2 ** 30).toFixed(1)} GB`;
