import * as tf from '@tensorflow/tfjs-core';
import type { PixelCache } from '#images/pixel-cache/pixel-cache.ts';
import type { Kernels } from '#learn/backend/kernels.ts';
import type { Network } from '#learn/backbones/network.ts';
import { unitRows } from '#learn/losses/centers.ts';
import type { TrainingEmbeddings } from '#learn/losses/method.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import type { Weights } from '#learn/models/weights.ts';
import { overEvaluationViews } from './evaluation-views.ts';
import type { TrainingPart } from './training-part.ts';

/** Embeds the training part in evaluation mode. */
export function trainingEmbeddings(
  network: Network,
  weights: Weights,
  kernels: Kernels,
  cache: PixelCache,
  { labels, classes }: Pick<TrainingPart, 'labels' | 'classes'>,
  views: { readonly size: number; readonly evaluationResize: number },
): TrainingEmbeddings {
  const embedder = createEmbedder(network, weights, kernels);
  const all = Array.from(labels, (_, i) => i);
  const raw = overEvaluationViews(cache, all, views, (images) => embedder.raw(images));
  const unit = tf.tidy(() => unitRows(raw));
  try {
    return {
      dim: embedder.dim,
      classes,
      labels,
      embeddings: unit.dataSync<'float32'>().slice(),
      raw: raw.dataSync<'float32'>().slice(),
    };
  } finally {
    tf.dispose([raw, unit]);
    embedder.dispose();
  }
}
