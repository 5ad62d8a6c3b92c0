import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import { record } from '#learn/backend/record/record.ts';
import { initialCenters, unitRows } from '#learn/losses/centers.ts';
import { softTriple, softTripleLoss } from '#learn/losses/centers/soft-triple.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import type { HeadAnswer, HeadRequest } from './head.ts';

/** Our side of the bench of SoftTriple's head: a JSON request a line. Argument: threads. */
const backend = await openBackend('tensorflow', { threads: Number(process.argv[2] ?? 1), plan: 'training' });

function prepare({ classes, centersPerClass, dim, batch }: HeadRequest): () => number {
  const columns = classes * centersPerClass;
  const settings = {
    scale: 20,
    centerTemperature: 0.1,
    regularizerWeight: 0.2,
    margin: 0.01,
    centersPerClass,
  };
  softTriple.schema.parse(settings);
  const values = initialCenters(dim, columns, createRandom(1));
  const centers = tf.variable(tf.tensor2d(values, [dim, columns]));
  const embeddings = unitRows(tf.randomNormal([batch, dim], 0, 1, 'float32', 1));
  const labels = tf.tensor1d(
    Int32Array.from({ length: batch }, (_, i) => (i * 37) % classes),
    'int32',
  );
  const differentiated = tf.valueAndGrads((x: tf.Tensor, w: tf.Tensor) =>
    tf.mean<tf.Scalar>(softTripleLoss(x as tf.Tensor2D, labels, w as tf.Tensor2D, settings, backend.kernels)),
  );
  // One number of each gradient is read, so that replaying leaves none of them out.
  const step = (x: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const { value, grads } = differentiated([x, centers]);
      const corners = grads.map((gradient) => tf.reshape(tf.slice(gradient, [0, 0], [1, 1]), [1]));
      return tf.concat([tf.reshape(value, [1]), ...corners]);
    });
  const native = backend.nativeBackend;
  const warn = (message: string): void => void process.stderr.write(`  ${message}\n`);
  const recorded = native?.binding.addFunction ? record(native, step, warn) : null;
  return () => {
    const result = recorded ? recorded.call(embeddings) : step(embeddings);
    const loss = result.dataSync()[0] ?? NaN;
    result.dispose();
    return loss;
  };
}

let once: (() => number) | null = null;
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as HeadRequest;
  once ??= prepare(request);
  const ms: number[] = [];
  let loss = 0;
  for (let i = 0; i < request.repeat; i++) {
    const started = performance.now();
    loss = once();
    ms.push(performance.now() - started);
  }
  const answer: HeadAnswer = { ms, loss, peakMB: process.resourceUsage().maxRSS / 1024 };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
