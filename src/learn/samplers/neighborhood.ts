import { shuffledIndices } from '../random/counter-random.ts';
import { groupShape, takeGroup } from './class-groups.ts';
import { type ClassPlan, type ClassPlanFacts, refuseFewClasses } from './class-plan.ts';

/**
 * Anchor neighbourhoods: every step takes some classes at random and to each its nearest classes that the step does not
 * have yet. Ge et al., "Deep Metric Learning with Hierarchical Triplet Loss", ECCV 2018, section 3.2.
 *
 * Anchors go through all classes before one comes again; how often a class is a neighbour is for the data to say. Before
 * anything is known of the classes, neighbours are random.
 */
export function neighborhood(facts: ClassPlanFacts): ClassPlan {
  refuseFewClasses(facts);
  const { sizes, steps, classesPerStep } = facts;
  const { groups, size } = groupShape(classesPerStep);
  return {
    usesNearestClasses: true,
    classesOf(random, nearest) {
      const plan: number[] = [];
      let anchors: number[] = [];
      for (let step = 0; step < steps; step++) {
        const free = new Uint8Array(sizes.length).fill(1);
        const order = shuffledIndices(sizes.length, random);
        for (let group = 0; group < groups; group++) {
          let at = anchors.findIndex((label) => free[label] === 1);
          if (at < 0) {
            anchors = [...anchors, ...shuffledIndices(sizes.length, random)];
            at = anchors.findIndex((label) => free[label] === 1);
          }
          // Those that the step has already as neighbours wait for the next one.
          const [anchor] = anchors.splice(at, 1) as [number];
          plan.push(...takeGroup(anchor, size, nearest, free, order));
        }
      }
      return Int32Array.from(plan);
    },
  };
}
