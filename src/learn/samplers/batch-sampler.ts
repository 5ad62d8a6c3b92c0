import type { RunSettings } from '../config/run-settings.ts';
import type { MinedSet } from './mined-set.ts';

export type SamplerSettings = Pick<RunSettings, 'sampler' | 'imagesPerClass' | 'batch'>;

/**
 * Which samples make up which step. A function of seed and step (and, where `usesNearestClasses`, of what `beginEpoch`
 * was told for the step's epoch), in any order of asking: there is nothing to save.
 */
export interface BatchSampler {
  /** Samples in every step. */
  readonly batch: number;
  readonly stepsPerEpoch: number;
  /** Whether `beginEpoch` has to come before the first `samplesOf` of an epoch. */
  readonly usesNearestClasses: boolean;
  /** Whether a sample may come more than once in an epoch. */
  readonly repeats: boolean;
  /** Epoch of a step, both counted from 0. */
  epochOf(step: number): number;
  /**
   * What is known of the classes when an epoch begins; samplers that do not use it ignore it.
   *
   * @param nearestClasses [classes, m] for each class its nearest others, nearest first, -1 for none; null while nothing
   *   is known
   * @param mined what the last mining of the training part found; null while nothing was mined. It comes anew inside an
   *   epoch too, and counts from the next step on.
   */
  beginEpoch(epoch: number, nearestClasses: Int32Array | null, mined?: MinedSet | null): void;
  /** @returns [batch] samples of a step, counted from 0 */
  samplesOf(step: number): Int32Array;
}
