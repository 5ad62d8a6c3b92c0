import type { PixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { evaluationCrop } from '#images/transforms/evaluation-crop.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import type { Embedder } from '#learn/models/embedder.ts';
import * as tf from '@tensorflow/tfjs-core';
import { recordedOutput } from '../model/recorded-output.ts';

const CHUNK = 64;

/**
 * Runs a network over the evaluation views (resize, centre crop) of cached images.
 *
 * @param which numbers of the images
 * @param output what to compute of [batch, size, size, 3]
 * @returns [which, width of the output]
 */
export function overEvaluationViews(
  cache: PixelCache,
  which: readonly number[],
  { size, evaluationResize }: { readonly size: number; readonly evaluationResize: number },
  output: Embedder['embed'],
): tf.Tensor2D {
  const recorded = recordedOutput(output);
  const resampler = new Resampler();
  const source = new Uint8Array(cache.maxBytes);
  const view = new Uint8Array(size * size * 3);
  const parts: tf.Tensor2D[] = [];
  for (let from = 0; from < which.length; from += CHUNK) {
    const chunk = which.slice(from, from + CHUNK);
    const values = new Float32Array(chunk.length * view.length);
    for (const [i, index] of chunk.entries()) {
      cache.readIntoSync(index, source);
      evaluationCrop(
        resampler,
        { data: source, ...cache.sizeOf(index) },
        { resize: evaluationResize, crop: size },
        view,
      );
      values.set(view, i * view.length);
    }
    parts.push(
      tf.tidy(() => recorded.call(tf.tensor4d(values, [chunk.length, size, size, 3])) as tf.Tensor2D),
    );
  }
  recorded.dispose();
  const rows = tf.concat2d(parts, 0);
  tf.dispose(parts);
  return rows;
}
