import * as tf from '@tensorflow/tfjs-core';
import type { PixelCache } from '#images/pixel-cache/pixel-cache.ts';
import type { Kernels } from '#learn/backend/kernels.ts';
import type { BackboneInfo } from '#learn/backbones/catalog.ts';
import type { RunConfig } from '#learn/config.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import {
  type HeadArrays,
  headFromPrincipalAxes,
  headInputs,
  headNormArrays,
  poolingArrays,
  randomHead,
} from '#learn/models/head.ts';
import type { Weights } from '#learn/models/weights.ts';
import { createRandom, shuffledIndices } from '#learn/random/counter-random.ts';
import { RANDOM_STREAM } from '#learn/samplers/shuffled-batches.ts';
import type { StartingWeights } from '#shared/domain/weights.ts';
import type { TaskPlaces } from '#shared/worker/messages.ts';
import { readBackboneWeights } from '../model/backbone-weights.ts';
import { overEvaluationViews } from './evaluation-views.ts';

/** Images whose features the principal axes are taken from: enough for a thousand features, seconds to compute. */
const MAX_IMAGES_FOR_AXES = 4000;

/** The backbone's weights with a fresh head. */
export async function startingWeights(
  backbone: BackboneInfo,
  config: RunConfig,
  cache: PixelCache,
  kernels: Kernels,
  places: TaskPlaces,
  start: StartingWeights | undefined,
): Promise<Weights> {
  const shipped = await readBackboneWeights(backbone, places, start);
  const random = createRandom(config.seed, RANDOM_STREAM.head);
  const network = new Map([...shipped, ...poolingArrays(config.pooling)]);
  // A flattened map has too many features to take principal axes of.
  const head =
    config.headInit === 'pca' && config.pooling !== 'flatten'
      ? headFromFeatures(backbone, config, cache, kernels, network)
      : randomHead(headInputs(backbone.create(), config.pooling, config.size), config.dim, random);
  return new Map([...network, ...head, ...headNormArrays(config.headNorm, config.dim)]);
}

function headFromFeatures(
  backbone: BackboneInfo,
  config: RunConfig,
  cache: PixelCache,
  kernels: Kernels,
  weights: Weights,
): HeadArrays {
  const order = shuffledIndices(cache.count, createRandom(config.seed, RANDOM_STREAM.subset));
  const embedder = createEmbedder(backbone.create(), weights, kernels);
  const features = overEvaluationViews(cache, [...order.slice(0, MAX_IMAGES_FOR_AXES)], config, (images) =>
    embedder.features(images),
  );
  try {
    return headFromPrincipalAxes(features, config.dim, createRandom(config.seed, RANDOM_STREAM.head));
  } finally {
    tf.dispose(features);
    embedder.dispose();
  }
}
