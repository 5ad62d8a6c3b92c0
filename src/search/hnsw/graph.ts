import type * as usearch from 'usearch';
import { UserError } from '#shared/rpc/errors.ts';

/** How the graph keeps its copy of the vectors. */
export type Storage = 'float32' | 'half' | 'int8';

export interface GraphSettings {
  readonly storage: Storage;
  /** Links of a node on the upper levels; twice as many on the lowest. */
  readonly links: number;
  /** Candidates that are kept while a node is linked, and while a query is answered. */
  readonly buildWidth: number;
  readonly searchWidth: number;
}

/** Lists of a batch: [queries, wanted], of which the first `counts[query]` are filled. */
export interface GraphMatches {
  readonly rows: Int32Array;
  readonly counts: Int32Array;
}

const QUANTIZATION = { float32: 'f32', half: 'f16', int8: 'i8' } as const;

/**
 * Hierarchical navigable small world graph (Malkov and Yashunin, TPAMI 2020) under the squared Euclidean distance, by
 * usearch. Native code: loaded with the first graph, in worker processes only.
 */
export class Graph {
  readonly dim: number;
  readonly threads: number;
  readonly #index: usearch.Index;

  private constructor(index: usearch.Index, dim: number, threads: number) {
    this.#index = index;
    this.dim = dim;
    this.threads = threads;
  }

  /** @throws UserError backend-failed where the library has no build for this machine */
  static async open(dim: number, settings: GraphSettings, threads: number): Promise<Graph> {
    const { Index, MetricKind, ScalarKind } = await load();
    const kinds = { f32: ScalarKind.F32, f16: ScalarKind.F16, i8: ScalarKind.I8 };
    const index = new Index({
      dimensions: dim,
      metric: MetricKind.L2sq,
      quantization: kinds[QUANTIZATION[settings.storage]],
      connectivity: settings.links,
      expansion_add: settings.buildWidth,
      expansion_search: settings.searchWidth,
      multi: false,
    });
    return new Graph(index, dim, threads);
  }

  get size(): number {
    return this.#index.size();
  }

  /** @param values [rows.length, dim] */
  add(rows: Int32Array, values: Float32Array | Int8Array): void {
    if (rows.length > 0) this.#index.add(keysOf(rows), values, this.threads);
  }

  remove(rows: Int32Array): void {
    if (rows.length > 0) this.#index.remove(keysOf(rows));
  }

  has(rows: Int32Array): boolean[] {
    const found = this.#index.contains(keysOf(rows));
    return Array.isArray(found) ? found : [found];
  }

  /** @param values [queries, dim] */
  search(values: Float32Array | Int8Array, wanted: number): GraphMatches {
    const found = this.#index.search(values, wanted, this.threads);
    const rows = lowWords(found.keys);
    // One query alone is answered in another shape, without counts.
    const counts = (found as Partial<usearch.BatchMatches>).counts;
    return { rows, counts: counts ? lowWords(counts) : Int32Array.of(rows.length) };
  }

  save(path: string): void {
    this.#index.save(path);
  }

  /** @param path a file that `save` wrote, unchanged (native code reads it) */
  load(path: string): void {
    this.#index.load(path);
  }
}

async function load(): Promise<typeof usearch> {
  try {
    return await import('usearch');
  } catch (error) {
    throw new UserError(
      'backend-failed',
      `The library for approximate neighbours does not load on this machine (${error instanceof Error ? error.message.split('\n')[0] : String(error)}). Search exactly instead.`,
    );
  }
}

/** Row numbers and counts out of 64-bit integers, all machines with a build being little-endian. */
function lowWords(values: BigUint64Array): Int32Array {
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const low = new Int32Array(values.length);
  for (let i = 0; i < low.length; i++) low[i] = words[2 * i]!;
  return low;
}

const keysOf = (rows: Int32Array): BigUint64Array => BigUint64Array.from(rows, (row) => BigInt(row));
