import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from '../../losses/parts/constant.ts';
import type { PairMasks } from '../../losses/parts/pairs.ts';
import { hasAny, largestIn, smallestIn } from './select-one.ts';

/**
 * Which of an anchor's positives or negatives is chosen: `easy` the nearest positive or the farthest negative, `hard` the
 * other way round, `semihard` the hardest that still keeps the positive nearer than the negative.
 */
export type Choice = 'easy' | 'hard' | 'semihard' | 'all';

export interface EasyHardRule {
  readonly positives: Choice;
  readonly negatives: Choice;
}

/** Hermans et al., "In Defense of the Triplet Loss for Person Re-Identification", 2017. */
export const BATCH_HARD: EasyHardRule = { positives: 'hard', negatives: 'hard' };
/** Xuan et al., "Improved Embeddings with Easy Positive Triplet Mining", WACV 2020. */
export const EASY_POSITIVE: EasyHardRule = { positives: 'easy', negatives: 'semihard' };

/**
 * One positive and one negative for every anchor, or all of either. An anchor that lacks either is left out of both,
 * unless one of them is `all`: then each stands for itself. Equal distances go to the smaller index.
 *
 * @param distances [batch, batch]; any that grow with distance will do
 * @param pairs     all pairs of the batch, from `pairMasks`
 * @returns the chosen pairs, [batch, batch] each, without gradient; `tripletMask` makes triplets of them
 * @throws RangeError for `semihard` against `semihard` or `all`: there is no chosen pair to compare with
 */
export function mineEasyHard(
  distances: tf.Tensor2D,
  pairs: PairMasks,
  { positives, negatives }: EasyHardRule,
): PairMasks {
  const d = constant(distances);
  const rules = [positives, negatives];
  if (rules.includes('semihard') && (positives === negatives || rules.includes('all')))
    throw new RangeError('semihard compares with one chosen pair of the other kind');
  let positive = pairs.positive;
  let negative = pairs.negative;
  if (positives === 'semihard') {
    negative = chooseNegative(d, negative, negatives);
    const nearer = above(chosenDistance(d, negative), d);
    positive = largestIn(d, tf.mul<tf.Tensor2D>(positive, tf.mul(nearer, hasAny(negative))));
  } else {
    positive = choosePositive(d, positive, positives);
    if (negatives === 'semihard') {
      const farther = above(d, chosenDistance(d, positive));
      negative = smallestIn(d, tf.mul<tf.Tensor2D>(negative, tf.mul(farther, hasAny(positive))));
    } else {
      negative = chooseNegative(d, negative, negatives);
    }
  }
  if (rules.includes('all')) return { positive, negative };
  return { positive: tf.mul(positive, hasAny(negative)), negative: tf.mul(negative, hasAny(positive)) };
}

function choosePositive(distances: tf.Tensor2D, mask: tf.Tensor2D, choice: Choice): tf.Tensor2D {
  if (choice === 'all') return mask;
  return choice === 'easy' ? smallestIn(distances, mask) : largestIn(distances, mask);
}

function chooseNegative(distances: tf.Tensor2D, mask: tf.Tensor2D, choice: Choice): tf.Tensor2D {
  if (choice === 'all') return mask;
  return choice === 'easy' ? largestIn(distances, mask) : smallestIn(distances, mask);
}

/** @returns [batch, 1], 0 where nothing was chosen */
const chosenDistance = (distances: tf.Tensor2D, chosen: tf.Tensor2D): tf.Tensor =>
  tf.sum(tf.mul(distances, chosen), 1, true);
