import * as tf from '@tensorflow/tfjs-core';
import { circleLoss } from '#learn/losses/pairs/circle.ts';
import { contrastiveLoss, labelledPairsLoss } from '#learn/losses/pairs/contrastive.ts';
import { liftedStructureLoss } from '#learn/losses/pairs/lifted-structure.ts';
import { marginLoss } from '#learn/losses/triplets/margin.ts';
import { multiSimilarityLoss } from '#learn/losses/pairs/multi-similarity.ts';
import { anchorPositiveLoss, nPairsLoss } from '#learn/losses/pairs/n-pairs.ts';
import { pairMasks } from '#learn/losses/parts/pairs.ts';
import { distancesOf, dotProducts } from '#learn/losses/parts/distances.ts';
import { type TripletMining, selectTriplets } from '#learn/losses/parts/triplets.ts';
import { tripletLoss } from '#learn/losses/triplets/triplet.ts';
import { mineMultiSimilarity } from '#learn/miners/batch/multi-similarity.ts';
import { readMask } from '#learn/miners/batch/read-mask.ts';
import { tripletMask } from '#learn/miners/batch/triplet-mask.ts';
import { type Adapter, type Check, chosen, exact, flagOf, numberOf, tensorOf } from '../case.ts';
import { openParityBackend } from '../backend.ts';
import { type Arguments, compareGradients, intsOf } from './gradients.ts';
import { embeddingsOf as rowsOf, integersOf, matrixOf } from './loss-checks.ts';

type Params = Readonly<Record<string, unknown>>;

/** An adapter for a loss of tensors by their names in the file. */
const adapterOf =
  (loss: (params: Params, x: Arguments, labels: tf.Tensor1D) => tf.Scalar): Adapter =>
  async (example) => {
    await openParityBackend();
    const { params, inputs } = example;
    const labels = intsOf(inputs['labels'] ?? inputs['same']!);
    return compareGradients(example, (x) => loss(params, x, labels));
  };

const embeddingsOf = (params: Params, x: Arguments, name = 'embeddings', absent = true): tf.Tensor2D =>
  rowsOf({ params }, x[name] as tf.Tensor2D, absent);

const distanceOf = (params: Params): 'squared' | 'euclidean' =>
  flagOf(params, 'squared', false) ? 'squared' : 'euclidean';
/** Semi-hard or largest has one triplet for each positive pair: their mean is that over all. */
const reductionOf = (params: Params): 'active' | 'all' =>
  chosen(params, 'reduction', { 'nonzero-mean': 'active', mean: 'all', 'mean-over-positive-pairs': 'all' });

const pairOf = (params: Params, x: Arguments, ...names: [string, string]): [tf.Tensor2D, tf.Tensor2D] =>
  names.map((name) => embeddingsOf(params, x, name, false)) as [tf.Tensor2D, tf.Tensor2D];

export const compareContrastive = adapterOf((params, x, labels) => {
  if (chosen(params, 'variant', { 'labelled-pairs': true, 'all-pairs': false })) {
    const [anchors, others] = pairOf(params, x, 'anchors', 'others');
    return labelledPairsLoss(anchors, others, tf.cast(labels, 'float32'), numberOf(params['margin']));
  }
  return contrastiveLoss(embeddingsOf(params, x), labels, {
    form: 'linear',
    positiveMargin: numberOf(params['posMargin']),
    negativeMargin: numberOf(params['negMargin']),
    distance: distanceOf(params),
    reduction: reductionOf(params),
  }).value;
});

const MININGS: Readonly<Record<string, TripletMining>> = {
  all: 'all',
  'batch-hard': 'batch-hard',
  'semihard-all': 'semi-hard',
  'hard-all': 'hard',
  'semihard-or-largest': 'semi-hard-or-largest',
  'easy-positive-semihard-negative': 'easy-positive',
};

const tripletLossOf = adapterOf(
  (params, x, labels) =>
    tripletLoss(embeddingsOf(params, x), labels, {
      mining: chosen(params, 'mining', MININGS),
      margin: numberOf(params['margin']),
      distance: distanceOf(params),
      reduction: reductionOf(params),
      soft: flagOf(params, 'smooth', false),
      swap: flagOf(params, 'swap', false),
    }).value,
);

/** The loss, and the triplets that it is made of. */
export const compareTriplet: Adapter = async (example) => {
  const checks = await tripletLossOf(example);
  if ('skip' in checks) return checks;
  const { params, expected } = example;
  const d = distancesOf(
    distanceOf(params),
    embeddingsOf(params, { embeddings: matrixOf(example, 'embeddings') }),
  );
  const masks = pairMasks(integersOf(example, 'labels'));
  const mask = selectTriplets(chosen(params, 'mining', MININGS), d, masks, numberOf(params['margin']));
  const triplets = await readMask(mask);
  const found: Check[] = [];
  if (expected['triplets']) found.push(exact('triplets', triplets, tensorOf(expected['triplets']).data));
  if (typeof expected['tripletCount'] === 'number')
    found.push(exact('tripletCount', [triplets.length / 3], [expected['tripletCount']]));
  return [...checks, ...found];
};

export const compareLiftedStructure = adapterOf(
  (params, x, labels) =>
    liftedStructureLoss(embeddingsOf(params, x), labels, {
      variant: chosen(params, 'variant', { lifted: 'lifted', generalised: 'generalised', tf: 'lifted' }),
      margin: numberOf(params['negMargin'] ?? params['margin']),
      positiveMargin: numberOf(params['posMargin'] ?? 0),
    }).value,
);

export const compareNPairs = adapterOf((params, x, labels) => {
  if (chosen(params, 'variant', { 'batch-labels': true, 'anchor-positive': false }))
    return nPairsLoss(embeddingsOf(params, x, 'embeddings', false), labels).value;
  const [anchors, positives] = pairOf(params, x, 'anchors', 'positives');
  return anchorPositiveLoss(anchors, positives, labels, numberOf(params['regLambda']));
});

export const compareMargin = adapterOf((params, x, labels) => {
  const settings = { margin: numberOf(params['margin']), boundaryWeight: numberOf(params['nu']) };
  const triplets = chosen(params, 'triplets', { all: tripletMask(pairMasks(labels)) });
  const perClass = flagOf(params, 'betaPerClass', false);
  if (perClass !== x['beta']!.size > 1) throw new RangeError('one beta, or one for each class');
  return marginLoss(embeddingsOf(params, x), labels, x['beta'] as tf.Tensor1D, triplets, settings).value;
});

const multiSimilarityLossOf = adapterOf(
  (params, x, labels) =>
    multiSimilarityLoss(embeddingsOf(params, x), labels, {
      positiveScale: numberOf(params['alpha']),
      negativeScale: numberOf(params['beta']),
      base: numberOf(params['base']),
      mining: params['minerEpsilon'] !== null,
      pairMargin: numberOf(params['minerEpsilon'] ?? 0),
    }).value,
);

/** The loss, and the pairs that its miner leaves. */
export const compareMultiSimilarity: Adapter = async (example) => {
  const checks = await multiSimilarityLossOf(example);
  const { params, expected } = example;
  if ('skip' in checks || !expected['positivePairs']) return checks;
  const x = embeddingsOf(params, { embeddings: matrixOf(example, 'embeddings') });
  const all = pairMasks(integersOf(example, 'labels'));
  const kept = mineMultiSimilarity(dotProducts(x), all, numberOf(params['minerEpsilon']));
  return [
    ...checks,
    exact('positivePairs', await readMask(kept.positive), tensorOf(expected['positivePairs']).data),
    exact('negativePairs', await readMask(kept.negative), tensorOf(expected['negativePairs']).data),
  ];
};

export const compareCircle = adapterOf((params, x, labels) => {
  const reduce = chosen(params, 'reduction', { 'nonzero-mean': circleLoss }, 'nonzero-mean');
  const settings = { margin: numberOf(params['m']), scale: numberOf(params['gamma']) };
  return reduce(embeddingsOf(params, x), labels, settings).value;
});
