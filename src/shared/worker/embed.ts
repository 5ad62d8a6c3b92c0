import type { EmbeddingSource, Protocol, Score } from '../domain/evaluation.ts';
import type { BackendChoice } from '../domain/run.ts';

/** Where the network comes from. */
export type ModelSource =
  | { readonly kind: 'checkpoint'; readonly file: string; readonly config: Readonly<Record<string, unknown>> }
  | { readonly kind: 'backbone'; readonly backbone: string; readonly size: number };

export interface EmbedTask {
  readonly model: ModelSource;
  readonly splitId: string;
  readonly part: string;
  readonly backend: BackendChoice;
}

/**
 * `file` is safetensors: vectors F32 [rows, dim] of unit length, imageIds I32 [rows], labels I32 [rows] (class ids
 * as the split saw them).
 */
export interface EmbedResult {
  readonly file: string;
  readonly rows: number;
  readonly dim: number;
  readonly seconds: number;
}

export interface EvaluateTask {
  /** Content hash of an embedding file, or paths of arrays that another program wrote. */
  readonly input:
    | { readonly kind: 'embedding'; readonly file: string }
    | {
        readonly kind: 'files';
        readonly embeddings: string;
        readonly labels: string;
        readonly metric: 'cosine' | 'euclidean';
      };
  /** Known parts of the protocol; the worker adds what it measures and the hash. */
  readonly protocol: Omit<Protocol, 'hash' | 'dim' | 'metric' | 'selfExclusion'>;
  /** Neighbours kept for each query. */
  readonly keep: number;
  /** Per-query file of the zero-shot evaluation of the same queries, for the paired difference. */
  readonly baseline: string | null;
  readonly backend: BackendChoice;
}

/**
 * `file` is safetensors with one row a query: queryRows I32 [q] (rows of the embedding), neighbors I32 [q, keep] (rows),
 * distances F32 [q, keep], firstHitRank I32 [q] (0: none in the list), margin F32 [q], recallAt1 F32 [q],
 * averagePrecisionAtR F32 [q], order I32 [q] (query numbers, worst first).
 */
export interface EvaluateResult {
  readonly protocol: Protocol;
  readonly scores: Readonly<Record<string, Score>>;
  readonly queries: number;
  readonly classes: number;
  readonly excludedQueries: number;
  readonly differenceRecallAt1: Score | null;
  readonly file: string;
  readonly seconds: number;
}

export interface QueryTask {
  readonly model: ModelSource;
  readonly imagePath: string;
  /** Content hash of the embedding file to search. */
  readonly embedding: string;
  readonly k: number;
  readonly backend: BackendChoice;
}

export interface QueryResultMessage {
  readonly neighbors: readonly { readonly imageId: number; readonly distance: number }[];
}

export type { EmbeddingSource };
