import type { Score } from '#shared/domain/evaluation.ts';
import { createRandom } from '../random/counter-random.ts';
import { meanOf, percentileInterval } from './drawn-means.ts';

/** Third key of the draws of classes, so that they are not the draws of images. */
const OVER_CLASSES = 1;

/**
 * Intervals of scores that are no means of queries, such as the agreement of a clustering with the classes. Drawing with
 * replacement would repeat images, and copies always agree. So half of the images are drawn without replacement, and
 * the spread of the scores of such halves about their own mean is laid around the value: for a smooth statistic it equals
 * the spread over new samples of the whole size (the delete-half jackknife; Shao and Wu, Annals of Statistics 1989). The
 * interval over classes draws half of the classes with all their images. The clustering itself is taken as given.
 *
 * @param classes [images]
 * @param scoresOf scores of a choice of images; the array is overwritten afterwards
 */
export function halfSampled<Name extends string>(
  values: Readonly<Record<Name, number>>,
  classes: ArrayLike<number>,
  scoresOf: (images: Int32Array) => Readonly<Record<Name, number>>,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): Record<Name, Score> {
  const images = Array.from({ length: classes.length }, (_, image) => [image]);
  const members = [...Map.groupBy(Array.from(classes).keys(), (image) => classes[image]!).values()];
  const names = Object.keys(values) as Name[];
  const overImages = spreads(images, names, scoresOf, samples, (sample) => createRandom(seed, sample));
  const overClasses =
    members.length < 4
      ? null
      : spreads(members, names, scoresOf, samples, (sample) => createRandom(seed, sample, OVER_CLASSES));
  const scores = names.map((name, column) => {
    const value = values[name];
    const [low, high] = around(value, overImages[column]!);
    if (overClasses === null) return [name, { value, low, high }] as const;
    const [classLow, classHigh] = around(value, overClasses[column]!);
    return [name, { value, low, high, classLow, classHigh }] as const;
  });
  return Object.fromEntries(scores) as Record<Name, Score>;
}

/** @returns for every name the scores of all samples less their mean [samples] */
function spreads<Name extends string>(
  units: readonly (readonly number[])[],
  names: readonly Name[],
  scoresOf: (images: Int32Array) => Readonly<Record<Name, number>>,
  samples: number,
  randomOf: (sample: number) => ReturnType<typeof createRandom>,
): Float64Array[] {
  const drawn = names.map(() => new Float64Array(samples));
  const order = units.slice();
  for (let sample = 0; sample < samples; sample++) {
    const random = randomOf(sample);
    const half = Math.ceil(order.length / 2);
    for (let i = 0; i < half; i++) {
      const j = i + random.below(order.length - i);
      const kept = order[i]!;
      order[i] = order[j]!;
      order[j] = kept;
    }
    const scores = scoresOf(Int32Array.from(order.slice(0, half).flat()));
    names.forEach((name, column) => (drawn[column]![sample] = scores[name]));
  }
  for (const column of drawn) {
    const mean = meanOf(column);
    for (let sample = 0; sample < samples; sample++) column[sample]! -= mean;
  }
  return drawn;
}

function around(value: number, spread: Float64Array): readonly [low: number, high: number] {
  const { low, high } = percentileInterval(spread);
  // All of these scores end at 1.
  return [Math.min(value, value + low), Math.max(value, Math.min(1, value + high))];
}
