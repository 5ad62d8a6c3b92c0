import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { tripletMask } from '../../miners/batch/triplet-mask.ts';
import { type MethodLoss, defineMethod } from '../method.ts';
import { classDistances, nearestClassesOf } from '../parts/class-distances.ts';
import { type ClassTree, classTree } from '../parts/class-tree.ts';
import { distancesOf } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOf, meanOfRows } from '../parts/reducers.ts';
import { rowsOf } from '../parts/rows-of.ts';
import { distance } from '../parts/settings.ts';
import { ofNegative, ofPositive } from '../parts/triplets.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(4).default(0.1).meta({
    title: 'Constant margin (β)',
    description: 'What every triplet’s margin begins with, before the distance in the class tree.',
  }),
  levels: z.int().min(1).max(64).default(16).meta({
    title: 'Levels (L)',
    description: 'Levels of the class tree.',
  }),
  linkage: z.enum(['single', 'average']).default('single').meta({
    title: 'Nodes are as near as',
    description: 'Their two nearest classes (single), or their classes on the mean (average).',
  }),
  distance,
});

/** How many near classes the neighbourhood sampler may choose from. */
const NEIGHBORS = 64;
/** Average linkage keeps the distances of all pairs of classes. */
const MOST_CLASSES_AVERAGED = 5000;

/** A class tree as the loss reads it. */
export interface TreeTensors {
  /** [classes, levels + 1] */
  readonly nodes: tf.Tensor2D;
  /** [classes] */
  readonly within: tf.Tensor1D;
  /** [levels + 1] */
  readonly thresholds: tf.Tensor1D;
}

/**
 * margin(a, n) = beta + d_H(y_a, y_n) - s_{y_a}: d_H is the threshold of the level at which the two classes first share
 * a node, s the mean squared distance within the anchor's class.
 *
 * @param labels int32 [batch]
 * @returns [batch, batch]
 */
export function hierarchicalMargins(labels: tf.Tensor1D, tree: TreeTensors, beta: number): tf.Tensor2D {
  const own = rowsOf<tf.Tensor2D>(tree.nodes, labels); // [B, levels + 1]
  const apart = tf.notEqual(tf.expandDims(own, 1), tf.expandDims(own, 0)); // [B, B, levels + 1]
  // Nodes only grow: the levels at which two classes are apart are those below their first common node.
  const level = tf.cast(tf.sum(tf.cast(apart, 'float32'), 2), 'int32');
  const within = tf.expandDims(rowsOf(tree.within, labels), 1);
  return tf.add(tf.sub(rowsOf<tf.Tensor2D>(tree.thresholds, level), within), beta);
}

/**
 * Hierarchical triplet loss: sum over all triplets of the batch of [d(a,p) - d(a,n) + margin(a,n)]_+ / (2 triplets).
 * Ge et al., "Deep Metric Learning with Hierarchical Triplet Loss", ECCV 2018, equations 3 to 5.
 *
 *   paper   parameter   default
 *   beta    margin      0.1
 *   L       levels      16
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 * @param margins    [batch, batch], `hierarchicalMargins`
 */
export function hierarchicalTripletLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  margins: tf.Tensor2D,
  settings: Pick<z.infer<typeof schema>, 'distance'>,
): MethodLoss {
  const d = distancesOf(settings.distance, embeddings);
  const values = tf.relu(tf.add(tf.sub(ofPositive(d), ofNegative(d)), ofNegative(margins)));
  const terms = { values: tf.div(values, 2), mask: tripletMask(pairMasks(labels)) };
  return { value: meanOf(terms), perSample: meanOfRows(terms), figures: [activeShare(terms)] };
}

const arraysOf = ({ nodes, within, thresholds }: ClassTree): Float32Array[] =>
  [nodes, within, thresholds].map((values) => Float32Array.from(values));

export const hierarchicalTriplet = defineMethod({
  id: 'hierarchical-triplet',
  title: 'Hierarchical triplet (HTL)',
  summary: 'Triplets whose margin grows with how far apart the classes lie in a tree, rebuilt every epoch.',
  source: 'Ge et al., Deep Metric Learning with Hierarchical Triplet Loss, ECCV 2018',
  family: 'triplets',
  formula: 'L = mean [d(a,p) − d(a,n) + β + d_H(y_a, y_n) − s_{y_a}]₊ / 2, d_l = l (4 − d_0) / L + d_0',
  defaults: { sampler: 'neighborhood', imagesPerClass: 4 },
  schema,
  symbols: { beta: 'margin', L: 'levels' },
  check: ({ linkage }, { classes }) =>
    linkage === 'average' && classes > MOST_CLASSES_AVERAGED
      ? [
          {
            field: 'linkage',
            message: `Average linkage takes too much memory for ${classes} classes; choose single.`,
          },
        ]
      : [],
  build: ({ margin, levels, linkage, distance }, { classes }) => ({
    parameters: [],
    inputs: [
      { name: 'nodes', shape: [classes, levels + 1], initial: new Float32Array(classes * (levels + 1)) },
      { name: 'within', shape: [classes], initial: new Float32Array(classes) },
      { name: 'thresholds', shape: [levels + 1], initial: new Float32Array(levels + 1) },
    ],
    figures: ['activeShare'],
    loss: ({ embeddings, labels, inputs }) => {
      const [nodes, within, thresholds] = inputs as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D];
      const margins = hierarchicalMargins(labels, { nodes, within, thresholds }, margin);
      return hierarchicalTripletLoss(embeddings, labels, margins, { distance });
    },
    refresh: (whole) => {
      const distances = classDistances(whole);
      const nearest = Math.max(0, Math.min(classes - 1, NEIGHBORS));
      return {
        inputs: arraysOf(classTree(distances, levels, linkage)),
        nearestClasses: nearestClassesOf(distances, nearest),
      };
    },
  }),
});
