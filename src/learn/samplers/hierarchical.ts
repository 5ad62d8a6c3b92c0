import { type Random, shuffledIndices } from '../random/counter-random.ts';
import { groupShape, takeGroup } from './class-groups.ts';
import { type ClassPlan, type ClassPlanFacts, refuseFewClasses } from './class-plan.ts';

/**
 * Super-classes: the classes are divided into groups of similar ones, and every step is made of a few whole groups, so
 * that most of its negatives are hard. As the hierarchical sampler of pytorch-metric-learning, with groups made from the
 * nearest classes instead of given ones.
 *
 * All classes are divided, steps made of the groups until they are used up, and the classes divided anew. The classes
 * that were seen least found the groups; groups that do not fill a step are left out.
 */
export function hierarchical(facts: ClassPlanFacts): ClassPlan {
  refuseFewClasses(facts);
  const { sizes, steps, classesPerStep } = facts;
  const { groups, size } = groupShape(classesPerStep);
  const stepsPerDivision = Math.floor(sizes.length / classesPerStep);
  return {
    usesNearestClasses: true,
    classesOf(random, nearest) {
      const plan: number[] = [];
      const seen = new Int32Array(sizes.length);
      while (plan.length < steps * classesPerStep) {
        const division = divide(seen, size, nearest, random).slice(0, stepsPerDivision * groups);
        // Groups founded one after the other are of the least seen classes: mixed, so that steps differ.
        for (const at of shuffledIndices(division.length, random)) plan.push(...division[at]!);
        for (const label of division.flat()) seen[label]! += 1;
      }
      return Int32Array.from(plan.slice(0, steps * classesPerStep));
    },
  };
}

/** @returns groups of `size` classes; classes that fill no group are left out */
function divide(seen: Int32Array, size: number, nearest: Int32Array | null, random: Random): number[][] {
  const order = shuffledIndices(seen.length, random).sort((a, b) => seen[a]! - seen[b]!);
  const free = new Uint8Array(seen.length).fill(1);
  const division: number[][] = [];
  let left = seen.length;
  for (const label of order) {
    if (left < size) break;
    if (free[label] !== 1) continue;
    division.push(takeGroup(label, size, nearest, free, order));
    left -= size;
  }
  return division;
}
