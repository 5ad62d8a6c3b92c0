import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from '#learn/losses/centers.ts';
import { hardTripleLoss } from '#learn/losses/hard-triple.ts';
import { normalizedSoftmaxLoss } from '#learn/losses/normalized-softmax.ts';
import { softTripleLoss } from '#learn/losses/soft-triple.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type Adapter, check, numberOf, tensorOf } from '../case.ts';
import type { FixtureTensor } from '../learn-fixture.ts';

const matrix = ({ data, shape }: FixtureTensor): tf.Tensor2D => tf.tensor2d(data, shape as [number, number]);

/** SoftTriple, HardTriple and the normalised softmax: value and gradients before normalisation. */
export const compareCenterLoss: Adapter = async (example) => {
  const { kernels } = await openBackend('auto');
  const { params, inputs, expected } = example;
  const trainedName = inputs['centers'] ? 'centers' : 'weights';
  const settings = {
    scale: numberOf(params['lambda']),
    centerTemperature: numberOf(params['gamma']),
    regularizerWeight: numberOf(params['tau']),
    margin: numberOf(params['margin']),
    centersPerClass: numberOf(params['K']),
  };
  const labels = tf.tensor1d(inputs['labels']!.data, 'int32');
  const meanLoss = (x: tf.Tensor, trained: tf.Tensor): tf.Scalar => {
    const raw = x as tf.Tensor2D;
    const embeddings = params['normalizeEmbeddings'] === true ? unitRows(raw) : raw;
    const centers = trained as tf.Tensor2D;
    if (params['loss'] === 'softtriple')
      return tf.mean(softTripleLoss(embeddings, labels, centers, settings, kernels));
    if (params['loss'] === 'hardtriple')
      return tf.mean(hardTripleLoss(embeddings, labels, centers, settings, kernels));
    const scale = 1 / numberOf(params['temperature']);
    return tf.mean(normalizedSoftmaxLoss(embeddings, labels, centers, { scale }, kernels));
  };
  const { value, grads } = tf.valueAndGrads(meanLoss)([
    matrix(inputs['embeddings']!),
    matrix(inputs[trainedName]!),
  ]);
  const checks = [
    check('loss', await value.data(), [numberOf(expected['loss'])], example, ['float32', 'loss']),
  ];
  const wanted = expected['gradients'] as Record<string, FixtureTensor> | undefined;
  for (const [i, name] of ['embeddings', trainedName].entries()) {
    const got = await grads[i]!.data();
    const want = wanted?.[name];
    if (want)
      checks.push(check(`gradient of ${name}`, got, tensorOf(want).data, example, ['float32', 'gradients']));
    else
      checks.push({
        what: `finite gradient of ${name}`,
        got: got.map((g) => (Number.isFinite(g) ? 0 : 1)),
        want: new Array<number>(got.length).fill(0),
        abs: 0,
        rel: 0,
      });
  }
  return checks;
};
