import { shuffledIndices } from '../random/counter-random.ts';
import type { ClassPlan, ClassPlanFacts } from './class-plan.ts';

/**
 * Every class equally often, however many images it has: all classes in a random order, then all in another. In an epoch
 * no class comes twice more often than another.
 */
export const classBalanced = ({ sizes, steps, classesPerStep }: ClassPlanFacts): ClassPlan => ({
  usesNearestClasses: false,
  classesOf(random) {
    const plan = new Int32Array(steps * classesPerStep);
    for (let from = 0; from < plan.length; from += sizes.length) {
      const order = shuffledIndices(sizes.length, random);
      plan.set(order.subarray(0, plan.length - from), from);
    }
    return plan;
  },
});
