import * as tf from '@tensorflow/tfjs-core';
import type { PixelCache } from '#images/pixel-cache/pixel-cache.ts';
import type { Kernels } from '#learn/backend/kernels.ts';
import type { Network } from '#learn/backbones/network.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import { recallAtOne } from '#learn/models/recall-at-one.ts';
import type { Weights } from '#learn/models/weights.ts';
import { effectiveRank } from '#learn/training/effective-rank.ts';
import { overEvaluationViews } from './evaluation-views.ts';

export interface Validation {
  /** Recall@1 among the held-out images; null where no class has two of them. */
  readonly recall: number | null;
  readonly effectiveRank: number;
}

/** Scores held-out images under the given weights. */
export function validate(
  network: Network,
  weights: Weights,
  kernels: Kernels,
  part: { readonly cache: PixelCache; readonly labels: Int32Array },
  views: { readonly size: number; readonly evaluationResize: number },
): Validation {
  const embedder = createEmbedder(network, weights, kernels);
  const all = Array.from(part.labels, (_, i) => i);
  const embeddings = overEvaluationViews(part.cache, all, views, (images) => embedder.embed(images));
  try {
    return { recall: recallAtOne(embeddings, part.labels), effectiveRank: effectiveRank(embeddings) };
  } finally {
    tf.dispose(embeddings);
    embedder.dispose();
  }
}
