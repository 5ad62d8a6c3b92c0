import type { MiningRule } from '../domain/triplet.ts';

export interface MineTask {
  readonly input:
    | { readonly kind: 'embedding'; readonly file: string }
    | {
        readonly kind: 'files';
        readonly embeddings: string;
        readonly labels: string;
        readonly metric: 'cosine' | 'euclidean';
      };
  readonly rule: MiningRule;
  readonly margin: number;
  readonly limit: number | null;
  /** Where to write rows for other programs (.csv or .json by its ending); null for the catalogue only. */
  readonly out: string | null;
  /** Whether `out` may replace a file that exists. */
  readonly overwrite: boolean;
}

/**
 * `file` is safetensors, one row a triplet, hardest first: anchor, positive, negative I32 (image ids, or rows of the input
 * files), anchorPositive, anchorNegative F32 (Euclidean), positiveRank, negativeRank I32 (1-based).
 */
export interface MineResult {
  readonly file: string;
  readonly out: string | null;
  readonly triplets: number;
  readonly anchorsWithout: number;
  readonly recallOfIndex: number;
  readonly activeShare: number;
  readonly histogram: { readonly from: number; readonly to: number; readonly counts: readonly number[] };
  readonly seconds: number;
}
