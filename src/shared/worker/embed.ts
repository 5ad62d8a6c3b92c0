import type { EmbeddingSource, Protocol, Score, ScoreDifference } from '../domain/evaluation.ts';
import type { BackendChoice } from '../domain/run.ts';
import type { StartingWeights } from '../domain/weights.ts';

/** Where the network comes from. */
export type ModelSource =
  | { readonly kind: 'checkpoint'; readonly file: string; readonly config: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'backbone';
      readonly backbone: string;
      readonly size: number;
      /** Absent for those that come with Plumage. */
      readonly weights?: StartingWeights | undefined;
    };

export interface EmbedTask {
  readonly model: ModelSource;
  readonly splitId: string;
  readonly part: string;
  /** Whether every class of the part was trained on: then the run's classifier, if it has one, is asked as well. */
  readonly closedSet: boolean;
  readonly backend: BackendChoice;
}

/**
 * `file` is safetensors: vectors F32 [rows, dim] of unit length, imageIds I32 [rows], labels I32 [rows] (class ids
 * as the split saw them); where the run's classifier was asked, predictions I32 [rows] (class ids).
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
  /** What queries are searched in; another part is given by the content hash of its embedding file. */
  readonly gallery:
    | { readonly kind: 'rest' }
    | { readonly kind: 'file'; readonly file: string }
    | { readonly kind: 'per-class'; readonly images: number; readonly seed: number };
  /** Ranks at which recall is given, ascending. */
  readonly recallAt: readonly number[];
  /** Vectors whose pairs give the thresholds of verification; null: the scored vectors themselves, which is said. */
  readonly thresholdsFrom: { readonly file: string; readonly part: string } | null;
  /** Neighbours kept for each query. */
  readonly keep: number;
  /** Per-query file of the zero-shot evaluation of the same queries, for the paired difference. */
  readonly baseline: string | null;
  readonly backend: BackendChoice;
}

/**
 * `file` is safetensors with one row a query: queryRows I32 [q] (rows of the embedding), neighbors I32 [q, keep] (rows of
 * what was searched), distances F32 [q, keep], firstHitRank I32 [q] (0: none in the list), rank I32 [q] (of the first hit,
 * however far down), margin F32 [q], recallAt1 F32 [q], averagePrecisionAtR F32 [q], rPrecision F32 [q], knnHit F32 [q],
 * centroidHit F32 [q], labels I32 [q], order I32 [q] (query numbers, worst first), clusters I32 [rows] (of k-means). Where
 * another part was searched: galleryIds I32 and galleryLabels I32 [its rows]; else neighbors are rows of the embedding.
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

/** Two per-query files of the same queries. */
export interface CompareTask {
  readonly first: string;
  readonly second: string;
  readonly recallAt: readonly number[];
  readonly samples: number;
  readonly seed: number;
}

export interface CompareResult {
  readonly queries: number;
  readonly classes: number;
  readonly rows: readonly ScoreDifference[];
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
