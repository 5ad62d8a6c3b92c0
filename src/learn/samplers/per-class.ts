import type { Random } from '../random/counter-random.ts';
import { type ClassPlan, type ClassPlanFacts, refuseFewClasses } from './class-plan.ts';
import { systematicSample } from './systematic-sample.ts';

/**
 * P classes x K images: every step has `classesPerStep` different classes, and over an epoch a class comes in proportion
 * to its images, so that every image is seen about equally often. A class cannot come twice in a step: one with more
 * than 1/P of all images comes in every step, and the others share the rest.
 */
export function perClass(facts: ClassPlanFacts): ClassPlan {
  refuseFewClasses(facts);
  const { steps, classesPerStep } = facts;
  return {
    usesNearestClasses: false,
    classesOf(random) {
      const left = stepsOfClasses(facts, random);
      const plan = new Int32Array(steps * classesPerStep);
      for (let step = 0; step < steps; step++) {
        // A class with as many steps left as there are is drawn for certain, so that none is left over at the end.
        const drawn = systematicSample(left, steps - step, random);
        let at = step * classesPerStep;
        for (const [label, times] of drawn.entries()) {
          if (times === 0) continue;
          plan[at++] = label;
          left[label]! -= 1;
        }
      }
      return plan;
    },
  };
}

/** @returns [classes], in how many steps of an epoch each class is; together steps * classesPerStep, each at most steps */
function stepsOfClasses({ sizes, steps, classesPerStep }: ClassPlanFacts, random: Random): Int32Array {
  const counts = new Int32Array(sizes.length);
  const sharing = Float64Array.from(sizes);
  let images = sizes.reduce((sum, size) => sum + size, 0);
  let places = steps * classesPerStep;
  // The largest come first: where one does not fill every step, no smaller one does.
  for (const label of [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]!)) {
    const size = sizes[label]!;
    if (size * places < steps * images) break;
    counts[label] = steps;
    sharing[label] = 0;
    images -= size;
    places -= steps;
  }
  if (places === 0) return counts;
  const drawn = systematicSample(
    sharing.map((size) => size * places),
    images,
    random,
  );
  return counts.map((count, label) => count + drawn[label]!);
}
