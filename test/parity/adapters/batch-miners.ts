import * as tf from '@tensorflow/tfjs-core';
import { mineAngular } from '#learn/miners/batch/angular.ts';
import { negativeProbabilities } from '#learn/miners/batch/distance-weighted.ts';
import { BATCH_HARD, type EasyHardRule, mineEasyHard } from '#learn/miners/batch/easy-hard.ts';
import { mineMultiSimilarity } from '#learn/miners/batch/multi-similarity.ts';
import { readMask } from '#learn/miners/batch/read-mask.ts';
import { mineSemiHardOrLargest } from '#learn/miners/batch/semi-hard-or-largest.ts';
import { type MarginBand, mineTripletMargin } from '#learn/miners/batch/triplet-margin.ts';
import { tripletMask } from '#learn/miners/batch/triplet-mask.ts';
import { unitRows } from '#learn/losses/centers.ts';
import { distances, dotProducts, squaredDistances } from '#learn/losses/parts/distances.ts';
import { type PairMasks, pairMasks } from '#learn/losses/parts/pairs.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type ParityCase, check, chosen, exact, flagOf, numberOf, tensorOf } from '../case.ts';

interface Batch {
  readonly x: tf.Tensor2D;
  readonly pairs: PairMasks;
  readonly params: ParityCase['params'];
}

/** What a miner chose, by the name of the reference's list. */
type Mined = Partial<Record<'triplets' | 'positivePairs' | 'negativePairs', tf.Tensor>>;

const pairsOf = ({ positive, negative }: PairMasks): Mined => ({
  positivePairs: positive,
  negativePairs: negative,
});

const BANDS = { all: 'all', easy: 'easy', hard: 'hard', semihard: 'semihard' } as const;

const MINERS: Readonly<Record<string, (batch: Batch) => Mined>> = {
  'batch-hard': ({ x, pairs, params }) => {
    const d = flagOf(params, 'squared', false) ? squaredDistances(x) : distances(x);
    return { triplets: tripletMask(mineEasyHard(d, pairs, BATCH_HARD)) };
  },
  'triplet-margin': ({ x, pairs, params }) => {
    const d = flagOf(params, 'squared', false) ? squaredDistances(x) : distances(x);
    const rule = { band: chosen<MarginBand>(params, 'type', BANDS), margin: numberOf(params['margin']) };
    return { triplets: mineTripletMargin(d, pairs, rule) };
  },
  'batch-easy-hard': ({ x, pairs, params }) =>
    pairsOf(mineEasyHard(distances(x), pairs, params as unknown as EasyHardRule)),
  'multi-similarity': ({ x, pairs, params }) =>
    pairsOf(mineMultiSimilarity(dotProducts(unitRows(x)), pairs, numberOf(params['epsilon']))),
  angular: ({ x, pairs, params }) => ({
    triplets: mineAngular(squaredDistances(x), pairs, numberOf(params['angleDegrees'])),
  }),
  'semihard-or-largest': ({ x, pairs }) => ({ triplets: mineSemiHardOrLargest(distances(x), pairs) }),
};

function batchOf({ inputs, params }: ParityCase): Batch {
  const { data, shape } = inputs['embeddings']!;
  const raw = tf.tensor2d(data, shape as [number, number]);
  const x = flagOf(params, 'normalizeEmbeddings', false) ? unitRows(raw) : raw;
  return { x, pairs: pairMasks(tf.tensor1d(inputs['labels']!.data, 'int32')), params };
}

/** The index lists of every batch miner. */
export const compareBatchMiner: Adapter = async (example) => {
  await openParityBackend();
  const miner = MINERS[String(example.params['miner'])];
  if (!miner) return { skip: `no miner answers for "${String(example.params['miner'])}"` };
  const mined = miner(batchOf(example));
  return Promise.all(
    Object.entries(mined).map(async ([name, mask]) =>
      exact(name, await readMask(mask), tensorOf(example.expected[name]).data),
    ),
  );
};

/** The probabilities of distance-weighted sampling. */
export const compareDistanceWeights: Adapter = async (example) => {
  await openParityBackend();
  const { x, pairs, params } = batchOf(example);
  const weights = {
    dim: x.shape[1],
    cutoff: numberOf(params['cutoff']),
    nonzeroLossCutoff: numberOf(params['nonzeroLossCutoff']),
  };
  const got = await negativeProbabilities(distances(unitRows(x)), pairs, weights).data();
  return [
    check('probabilities', got, tensorOf(example.expected['probabilities']).data, example, ['float32']),
  ];
};
