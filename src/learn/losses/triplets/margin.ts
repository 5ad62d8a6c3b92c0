import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { drawNegatives, negativeProbabilities } from '../../miners/batch/distance-weighted.ts';
import { tripletMask } from '../../miners/batch/triplet-mask.ts';
import { oneHotRows } from '../../backend/one-hot.ts';
import { type MethodLoss, defineMethod } from '../method.ts';
import { above, untaped } from '../parts/constant.ts';
import { distances } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { withLengthPenalty } from '../parts/regularizers.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(2).default(0.2).meta({
    title: 'Margin (α)',
    description: 'How far inside the boundary positives and outside of it negatives must lie.',
  }),
  boundary: z.number().gt(0).max(2).default(1.2).meta({
    title: 'Boundary at the start (β)',
    description: 'Distance that parts one class from others. It is trained with the centres rate.',
  }),
  boundaryOf: z.enum(['all', 'class']).default('all').meta({
    title: 'Boundary for',
    description: 'One boundary for all classes, or one for each.',
  }),
  boundaryWeight: z.number().min(0).max(10).default(0).meta({
    title: 'Boundary penalty (ν)',
    description: 'Weight of the boundary itself in the loss, which keeps it small.',
  }),
  sampling: z.enum(['distance-weighted', 'all']).default('distance-weighted').meta({
    title: 'Sampling',
    description:
      'One negative for each positive pair, at all distances alike, or every triplet of the batch.',
  }),
  cutoff: z
    .number()
    .gt(0)
    .max(1.9)
    .default(0.5)
    .meta({
      onlyWhen: { field: 'sampling', is: ['distance-weighted'] },
      title: 'Nearest sampled distance',
      description:
        'Negatives nearer than this are drawn as if they were there: the nearest are mostly noise.',
    }),
  reach: z
    .number()
    .gt(0)
    .max(2)
    .default(1.4)
    .meta({
      onlyWhen: { field: 'sampling', is: ['distance-weighted'] },
      title: 'Farthest sampled distance',
      description: 'Negatives at this distance or beyond are never drawn: they have no loss.',
    }),
});
type MarginSettings = z.infer<typeof schema>;

/** More random numbers than a batch has images. */
const DRAWS = 1024;

/**
 * Margin loss over triplets: [d(a,p) - beta + alpha]_+ + [beta - d(a,n) + alpha]_+, summed and divided by the number of
 * these terms above 0. Wu et al., "Sampling Matters in Deep Embedding Learning", ICCV 2017, equations 5 to 7.
 *
 *   paper   parameter        default
 *   alpha   margin           0.2
 *   beta    boundary         1.2, trained
 *   nu      boundaryWeight   0
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 * @param beta       [1], or [classes] with one boundary a class, read by the anchor's
 * @param triplets   [batch, batch, batch] over (anchor, positive, negative): 1 or 0
 */
export function marginLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  beta: tf.Tensor1D,
  triplets: tf.Tensor3D,
  { margin, boundaryWeight }: Pick<MarginSettings, 'margin' | 'boundaryWeight'>,
): MethodLoss {
  const d = distances(embeddings);
  const perClass = beta.shape[0] > 1;
  const chosen = perClass ? oneHotRows(labels, beta.shape[0]) : tf.ones<tf.Rank.R2>([labels.shape[0], 1]);
  const own = tf.sum<tf.Tensor2D>(tf.mul(chosen, beta), 1, true); // [B, 1]
  const [ofPairs, ofOthers] = [tf.sum(triplets, 2), tf.sum(triplets, 1)]; // how often each pair occurs [B, B]
  const pull = tf.relu(tf.add(tf.sub(d, own), margin));
  const push = tf.relu(tf.add(tf.sub(own, d), margin));
  // Of each anchor, [B]: its loss, and how many terms of it are above 0.
  const losses = tf.sum(tf.add(tf.mul(pull, ofPairs), tf.mul(push, ofOthers)), 1);
  const actives = tf.sum(tf.add(tf.mul(above(pull, 0), ofPairs), tf.mul(above(push, 0), ofOthers)), 1);
  const active = tf.sum(actives);
  const ofAnchors = tf.sum(ofPairs, 1); // triplets of each anchor [B]
  const count = tf.sum(ofAnchors);
  const penalty = perClass
    ? tf.mul(tf.div(tf.sum(tf.mul(tf.squeeze(own, [1]), ofAnchors)), tf.maximum(active, 1)), above(active, 0))
    : tf.mul(tf.sum(beta), above(count, 0));
  return {
    value: tf.add(tf.div(tf.sum(losses), tf.maximum(active, 1)), tf.mul(penalty, boundaryWeight)),
    perSample: tf.div(losses, tf.maximum(actives, 1)),
    figures: [tf.divNoNan(active, tf.mul(count, 2)), tf.mean(beta)],
  };
}

/**
 * One negative for each positive pair, by the chances of its distance. An anchor's draws are evenly spaced from one
 * random number: each negative still comes as often as its chance says, and a batch needs no number for every pair.
 *
 * @param uniform [at least batch], random numbers in [0, 1)
 * @returns [batch, batch, batch]
 */
export function sampledTriplets(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  uniform: tf.Tensor1D,
  { cutoff, reach }: Pick<MarginSettings, 'cutoff' | 'reach'>,
): tf.Tensor3D {
  const masks = pairMasks(labels);
  const [batch, dim] = embeddings.shape;
  const d = distances(embeddings);
  const chances = negativeProbabilities(d, masks, { dim, cutoff, nonzeroLossCutoff: reach });
  const { positive } = masks;
  const rank = tf.cumsum(positive, 1, true);
  const spread = tf.div(rank, tf.maximum(tf.sum(positive, 1, true), 1));
  const turned = tf.add<tf.Tensor2D>(tf.expandDims(tf.slice1d(uniform, 0, batch), 1), spread);
  return drawNegatives(chances, tf.sub(turned, tf.floor(turned)), masks);
}

export const margin = withLengthPenalty(
  defineMethod({
    id: 'margin',
    title: 'Margin',
    summary: 'A trained boundary between near and far; negatives are drawn at all distances alike.',
    source: 'Wu et al., Sampling Matters in Deep Embedding Learning, ICCV 2017',
    family: 'triplets',
    formula: 'L = Σ ([d(a,p) − β + α]₊ + [β − d(a,n) + α]₊) / terms above 0 + ν β',
    defaults: { sampler: 'per-class', imagesPerClass: 4 },
    schema,
    symbols: { alpha: 'margin', beta: 'boundary', nu: 'boundaryWeight' },
    check: ({ cutoff, reach }) =>
      cutoff < reach
        ? []
        : [
            {
              field: 'cutoff',
              message: `The nearest sampled distance is ${cutoff}; choose one below the farthest, ${reach}.`,
            },
          ],
    build: (settings, { classes }) => {
      const boundaries = settings.boundaryOf === 'class' ? classes : 1;
      const initial = new Float32Array(boundaries).fill(settings.boundary);
      const draws = settings.sampling === 'distance-weighted';
      return {
        parameters: [{ name: 'boundary', shape: [boundaries], initial }],
        inputs: draws
          ? [
              {
                name: 'draws',
                shape: [DRAWS],
                initial: new Float32Array(DRAWS),
                draw: (random) => Float32Array.from({ length: DRAWS }, () => random.next()),
              },
            ]
          : [],
        figures: ['activeShare', 'boundary'],
        loss: ({ embeddings, labels, trained, inputs }) => {
          const triplets = draws
            ? untaped(() => sampledTriplets(embeddings, labels, inputs[0] as tf.Tensor1D, settings))
            : tripletMask(pairMasks(labels));
          return marginLoss(embeddings, labels, trained[0] as tf.Tensor1D, triplets, settings);
        },
      };
    },
  }),
);
