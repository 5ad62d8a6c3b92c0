import type { BatchSampler, SamplerSettings } from './batch-sampler.ts';
import { ClassBatches } from './class-batches.ts';
import { classBalanced } from './class-balanced.ts';
import type { ClassPlan, ClassPlanFacts } from './class-plan.ts';
import { hierarchical } from './hierarchical.ts';
import { neighborhood } from './neighborhood.ts';
import { perClass } from './per-class.ts';
import { MinedTripletBatches } from './mined-triplets.ts';
import { ShuffledBatches } from './shuffled-batches.ts';

const PLANS: Readonly<
  Record<Exclude<SamplerSettings['sampler'], 'shuffled' | 'mined'>, (facts: ClassPlanFacts) => ClassPlan>
> = {
  'per-class': perClass,
  'class-balanced': classBalanced,
  hierarchical,
  neighborhood,
  // The same batches; what is near comes from the mined triplets.
  'mined-classes': neighborhood,
};

/**
 * The sampler that a run's settings name. `checkSampler` says beforehand, in sentences, what does not fit.
 *
 * @param labels [samples], class numbers from 0; every class has a sample
 * @throws RangeError where the batch cannot be made: not a multiple of `imagesPerClass`, or more classes than there are
 */
export function createSampler(settings: SamplerSettings, labels: Int32Array, seed: number): BatchSampler {
  const { sampler, batch, imagesPerClass } = settings;
  if (sampler === 'shuffled') return new ShuffledBatches(labels.length, batch, seed);
  if (sampler === 'mined') return new MinedTripletBatches(labels, batch, seed);
  const images = sampler === 'class-balanced' ? 1 : imagesPerClass;
  return new ClassBatches({ labels, seed, batch, imagesPerClass: images, planOf: PLANS[sampler] });
}
