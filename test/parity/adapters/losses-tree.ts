import * as tf from '@tensorflow/tfjs-core';
import { hierarchicalMargins, hierarchicalTripletLoss } from '#learn/losses/triplets/hierarchical-triplet.ts';
import { classDistances } from '#learn/losses/parts/class-distances.ts';
import { pairMasks } from '#learn/losses/parts/pairs.ts';
import { tripletMask } from '#learn/miners/batch/triplet-mask.ts';
import { classTree } from '#learn/losses/parts/class-tree.ts';
import type { Linkage } from '#learn/losses/parts/linkage.ts';
import { type Adapter, type Check, chosen, exact, flagOf, numberOf, tensorOf } from '../case.ts';
import { openParityBackend } from '../backend.ts';
import { compareGradients, floatsOf, intsOf } from './gradients.ts';
import { embeddingsOf, extraChecks } from './loss-checks.ts';

/** The hierarchical triplet loss and the tree that its margins come from. */
export const compareHierarchicalTriplet: Adapter = async (example) => {
  await openParityBackend();
  const { params, inputs, expected } = example;
  const features = floatsOf(inputs['trainFeatures']!) as tf.Tensor2D;
  const embeddings = (await embeddingsOf(example, features, true).data()) as Float32Array;
  const trainLabels = Int32Array.from(inputs['trainLabels']!.data);
  const classes = Math.max(...trainLabels) + 1;
  const between = classDistances({ classes, dim: features.shape[1], embeddings, labels: trainLabels });
  const levels = numberOf(params['levels']);
  const tree = classTree(
    between,
    levels,
    chosen<Linkage>(params, 'linkage', { single: 'single', average: 'average' }),
  );
  const tensors = {
    nodes: tf.tensor2d(Float32Array.from(tree.nodes), [classes, levels + 1]),
    within: tf.tensor1d(Float32Array.from(tree.within)),
    thresholds: tf.tensor1d(Float32Array.from(tree.thresholds)),
  };
  const beta = numberOf(params['beta']);
  const all = Array.from({ length: classes }, (_, c) => c);
  // A class has no margin to itself.
  const offDiagonal = (values: ArrayLike<number>): number[] =>
    Array.from(values).map((value, i) => (i % (classes + 1) === 0 ? 0 : value));
  const margins = hierarchicalMargins(tf.tensor1d(all, 'int32'), tensors, beta);
  const distances = all.flatMap((p) => all.map((q) => (p === q ? 0 : between.between(p, q))));
  const mergeLevels = all.flatMap((p) =>
    all.map((q) => {
      let level = 0;
      while (tree.nodes[p * (levels + 1) + level] !== tree.nodes[q * (levels + 1) + level]) level++;
      return level;
    }),
  );
  const nodeCounts = Array.from(
    { length: levels + 1 },
    (_, level) => new Set(all.map((c) => tree.nodes[c * (levels + 1) + level])).size,
  );
  const close = (name: string, got: ArrayLike<number>): Check => ({
    what: name,
    got,
    want: tensorOf(expected[name]).data,
    abs: 2e-6,
    rel: 2e-5,
  });
  const labels = intsOf(inputs['labels']!);
  const settings = {
    distance: flagOf(params, 'squaredInLoss', false) ? ('squared' as const) : ('euclidean' as const),
  };
  const ofBatch = await compareGradients(
    example,
    (x) => {
      const batch = embeddingsOf(example, x['embeddings'] as tf.Tensor2D, true);
      return hierarchicalTripletLoss(batch, labels, hierarchicalMargins(labels, tensors, beta), settings)
        .value;
    },
    ['trainFeatures'],
  );
  const tripletCount = tf.sum(tripletMask(pairMasks(labels)));
  const extras = await extraChecks(example, { tripletCount, d0: tf.mean(tensors.within) });
  return [
    ...ofBatch,
    ...extras,
    close('classDistances', distances),
    close('withinClass', tree.within),
    close('thresholds', tree.thresholds),
    close('margins', offDiagonal(await margins.data())),
    exact('mergeLevel', mergeLevels, tensorOf(expected['mergeLevel']).data),
    exact('nodesPerLevel', nodeCounts, expected['nodesPerLevel'] as number[]),
  ];
};
