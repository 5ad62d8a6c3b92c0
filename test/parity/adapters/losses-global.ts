import * as tf from '@tensorflow/tfjs-core';
import { squaredRowDistances } from '#learn/losses/parts/distances.ts';
import { weightedMoments } from '#learn/losses/parts/moments.ts';
import { globalLoss } from '#learn/losses/triplets/global.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type ParityCase, chosen, flagOf, numberOf } from '../case.ts';
import { type Arguments, compareGradients, floatsOf } from './gradients.ts';
import { embeddingsOf, extraChecks } from './loss-checks.ts';

interface Parts {
  readonly value: tf.Scalar;
  readonly global: tf.Scalar;
  /** 0 where the case has no triplet loss beside the global one. */
  readonly triplet: tf.Scalar;
  readonly positives: tf.Tensor1D;
  readonly negatives: tf.Tensor1D;
}

/** The loss of triplets that are given one by one, alone or with the triplet loss beside it. */
export const compareGlobal: Adapter = async (example) => {
  await openParityBackend();
  const { params, inputs } = example;
  const checks = await compareGradients(example, (x) => partsOf(example, x).value);
  const given = Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, floatsOf(tensor)]));
  const { global, triplet, positives, negatives } = partsOf(example, given);
  const scale = numberOf(params['distanceScale']);
  const [near, far] = [positives, negatives].map((squares) =>
    weightedMoments(tf.mul(squares, scale), tf.onesLike(squares)),
  );
  const extras = await extraChecks(example, {
    global,
    triplet,
    meanPositive: near!.mean,
    meanNegative: far!.mean,
    varPositive: near!.variance,
    varNegative: far!.variance,
  });
  return [...checks, ...extras];
};

function partsOf({ params }: ParityCase, x: Arguments): Parts {
  const [anchors, ...others] = ['anchors', 'positives', 'negatives'].map((name) =>
    embeddingsOf({ params }, x[name] as tf.Tensor2D, true),
  ) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const [positives, negatives] = others.map((rows) => squaredRowDistances(anchors, rows)) as [
    tf.Tensor1D,
    tf.Tensor1D,
  ];
  const occurring = (values: tf.Tensor1D) => ({ values, weights: tf.onesLike(values) });
  const compute = chosen(params, 'variance', { population: globalLoss }, 'population');
  const settings = { lambda: numberOf(params['lambda']), gap: numberOf(params['t']) };
  const scale = numberOf(params['distanceScale']);
  const { value: global } = compute(occurring(positives), occurring(negatives), settings, scale);
  const alone = chosen(params, 'loss', { global: true, 'triplet-plus-global': false });
  if (alone) return { value: global, global, triplet: tf.scalar(0), positives, negatives };
  if (!flagOf(params, 'squared', true)) throw new RangeError('its triplets compare squared distances');
  const hinges = tf.relu(tf.add(tf.sub(positives, negatives), numberOf(params['tripletMargin'])));
  const triplet = tf.mean<tf.Scalar>(hinges);
  const value = tf.add<tf.Scalar>(triplet, tf.mul(global, numberOf(params['globalWeight'])));
  return { value, global, triplet, positives, negatives };
}
