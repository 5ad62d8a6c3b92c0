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
  dispose(): void;
}

/** Opens a checkpoint, or a backbone as it comes (zero-shot: pooled features of unit length). */
export async function openModel(
  source: ModelSource,
  places: TaskPlaces,
  backend: OpenBackend,
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
  const embedder = createEmbedder(backbone.create(), weights, backend.kernels);
  const recorded = recordedOutput((images) => embedder.embed(images));
  return {
    size,
    resize: Math.max(size, resize),
    dim: embedder.dim,
    embed(pixels, count) {
      const values = Float32Array.from(pixels.subarray(0, count * size * size * 3));
      const embeddings = tf.tidy(() => recorded.call(tf.tensor4d(values, [count, size, size, 3])));
      const numbers = embeddings.dataSync<'float32'>().slice();
      embeddings.dispose();
      return numbers;
    },
    dispose: () => {
      recorded.dispose();
      embedder.dispose();
    },
  };
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
