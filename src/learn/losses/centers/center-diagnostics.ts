import type * as tf from '@tensorflow/tfjs-core';
import { touchingClasses } from './center-readouts.ts';
import { centerShares, centerUtilization, movedShares } from './center-use.ts';
import { distinctCenters, initialCenters } from '../centers.ts';
import type { BuiltMethod, MethodContext } from '../method.ts';

/** Centres up to which all pairs are compared at an epoch's end: seconds of work above it. */
const MOST_COMPARED = 30_000;

/**
 * Centres of the classes as a method's first array, with what a user wants to know of them at the end of an epoch. With
 * several centres a class, a second array counts which of them are in use.
 *
 * @param name of the array in checkpoints
 */
export function centersOf(
  name: string,
  perClass: number,
  { classes, dim, random }: Pick<MethodContext, 'classes' | 'dim' | 'random'>,
): Pick<BuiltMethod, 'parameters' | 'move' | 'diagnostics'> {
  const columns = classes * perClass;
  const centers = { name, shape: [dim, columns], initial: initialCenters(dim, columns, random) };
  const touching = (values: Float32Array): Record<string, number> =>
    columns > MOST_COMPARED ? {} : { touchingClasses: touchingClasses({ values, dim, perClass }).length };
  if (perClass === 1)
    return { parameters: [centers], diagnostics: ([values]) => touching(values as Float32Array) };
  return {
    parameters: [centers, centerShares(classes, perClass)],
    move: (batch) => [movedShares(batch, batch.trained[0] as tf.Tensor2D, batch.trained[1] as tf.Tensor2D)],
    diagnostics: (arrays) => {
      const [values, shares] = arrays as [Float32Array, Float32Array];
      const counts = distinctCenters(values, dim, perClass);
      return {
        distinctCenters: counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length),
        centerUtilization: centerUtilization(shares),
        ...touching(values),
      };
    },
  };
}
