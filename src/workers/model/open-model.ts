import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs-core';
import { ContentStore } from '#catalog/content-store.ts';
import { allowsSize, sizesInWords } from '#learn/backbones/catalog.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import type { Weights } from '#learn/models/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ModelSource } from '#shared/worker/embed.ts';
import type { TaskPlaces } from '#shared/worker/messages.ts';
import type { OpenBackend } from '../backend/open-backend.ts';
import { backboneOf, floatArrays, readBackboneWeights } from './backbone-weights.ts';
import { methodClassifier } from './method-classifier.ts';
import { recordedOutput } from './recorded-output.ts';

/** A network ready to embed images. */
export interface OpenModel {
  /** Side of the square images that it takes. */
  readonly size: number;
  /** Shorter side to which an image is resized before its centre `size` x `size` is cut out. */
  readonly resize: number;
  readonly dim: number;
  /**
   * @param pixels RGB of `count` images, [count, size, size, 3], as many or more
   * @returns [count, dim], rows of unit length
   */
  embed(pixels: Uint8Array, count: number): Float32Array;
  /** As `embed`, with the class number of each image by the run's own classifier; null where there is none. */
  readonly embedAndClassify: ((pixels: Uint8Array, count: number) => Classified) | null;
  dispose(): void;
}

export interface Classified {
  /** [count, dim], rows of unit length. */
  readonly vectors: Float32Array;
  /** [count], in the order of the training part's classes. */
  readonly predictions: Int32Array;
}

/**
 * Opens a checkpoint, or a backbone as it comes (zero-shot: pooled features of unit length).
 *
 * @param trainedClasses how many classes the checkpoint was trained on, where it shall classify
 */
export async function openModel(
  source: ModelSource,
  places: TaskPlaces,
  backend: OpenBackend,
  trainedClasses: number | null = null,
): Promise<OpenModel> {
  const backbone = backboneOf(
    source.kind === 'backbone' ? source.backbone : textOf(source.config, 'backbone'),
  );
  const size = source.kind === 'backbone' ? source.size : numberOf(source.config, 'size');
  const resize = source.kind === 'backbone' ? size : numberOf(source.config, 'evaluationResize');
  if (!allowsSize(backbone, size)) {
    throw new UserError(
      'bad-input',
      `Images of ${String(size)} pixels do not fit this network: choose ${sizesInWords(backbone)}.`,
    );
  }
  const weights: Weights =
    source.kind === 'backbone'
      ? await readBackboneWeights(backbone, places, source.weights)
      : floatArrays(await readFile(new ContentStore(places.libraryPath).get(source.file)), 'The checkpoint');
  const network = backbone.create();
  const embedder = createEmbedder(network, weights, backend.kernels);
  const { dim } = embedder;
  const classifier =
    trainedClasses === null || source.kind === 'backbone'
      ? null
      : methodClassifier(source.config, weights, {
          classes: trainedClasses,
          dim,
          featureDim: network.featureDim,
          kernels: backend.kernels,
        });
  const recorded = recordedOutput((images) => {
    if (classifier === null) return embedder.embed(images);
    const passed = embedder.forward(images);
    const classes = tf.cast<tf.Tensor2D>(tf.expandDims(classifier.predict(passed), 1), 'float32');
    return tf.concat2d([passed.embeddings, classes], 1);
  });
  const run = (pixels: Uint8Array, count: number): Float32Array => {
    const values = Float32Array.from(pixels.subarray(0, count * size * size * 3));
    const output = tf.tidy(() => recorded.call(tf.tensor4d(values, [count, size, size, 3])));
    const numbers = output.dataSync<'float32'>().slice();
    output.dispose();
    return numbers;
  };
  const embedAndClassify = (pixels: Uint8Array, count: number): Classified =>
    classified(run(pixels, count), count, dim);
  return {
    size,
    resize: Math.max(size, resize),
    dim,
    embed: classifier === null ? run : (pixels, count) => embedAndClassify(pixels, count).vectors,
    embedAndClassify: classifier === null ? null : embedAndClassify,
    dispose: () => {
      recorded.dispose();
      classifier?.dispose();
      embedder.dispose();
    },
  };
}

/** Takes rows of `dim` numbers and a class apart. */
function classified(rows: Float32Array, count: number, dim: number): Classified {
  const vectors = new Float32Array(count * dim);
  const predictions = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const first = row * (dim + 1);
    vectors.set(rows.subarray(first, first + dim), row * dim);
    predictions[row] = rows[first + dim]!;
  }
  return { vectors, predictions };
}

function numberOf(config: Readonly<Record<string, unknown>>, field: string): number {
  const value = config[field];
  if (typeof value === 'number') return value;
  throw new UserError(
    'bad-input',
    `The checkpoint's settings have no number "${field}"; it was not made by Plumage's training.`,
  );
}

function textOf(config: Readonly<Record<string, unknown>>, field: string): string {
  const value = config[field];
  if (typeof value === 'string') return value;
  throw new UserError(
    'bad-input',
    `The checkpoint's settings have no text "${field}"; it was not made by Plumage's training.`,
  );
}
