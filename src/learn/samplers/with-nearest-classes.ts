import type { BuiltMethod } from '../losses/method.ts';
import { classDistances, nearestClassesOf } from '../losses/parts/class-distances.ts';

/**
 * A method that tells its sampler each class's nearest others, by the mean squared distance between their images, at
 * every epoch's start. One that does so by itself stays as it is.
 *
 * @param count how many for each class; all where there are fewer
 */
export function withNearestClasses(method: BuiltMethod, count: number): BuiltMethod {
  // What a method without a refresh of its own reads at first, it reads for ever.
  const kept = (method.inputs ?? []).filter(({ draw }) => !draw).map(({ initial }) => initial);
  return {
    ...method,
    refresh: (whole, random) => {
      const refreshed = method.refresh?.(whole, random) ?? { inputs: kept };
      if (refreshed.nearestClasses) return refreshed;
      const nearest = Math.min(count, whole.classes - 1);
      return { ...refreshed, nearestClasses: nearestClassesOf(classDistances(whole), nearest) };
    },
  };
}
