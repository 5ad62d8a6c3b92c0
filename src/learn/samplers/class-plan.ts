import type { Random } from '../random/counter-random.ts';

/** What a plan of classes is made for. */
export interface ClassPlanFacts {
  /** [classes], how many images each class has; none is 0. */
  readonly sizes: Int32Array;
  readonly steps: number;
  /** Classes in one step. */
  readonly classesPerStep: number;
}

/** Which classes make up the steps of an epoch. */
export interface ClassPlan {
  readonly usesNearestClasses: boolean;
  /**
   * @param nearest [classes, m], for each class its nearest others, nearest first; null while nothing is known
   * @returns [steps, classesPerStep]
   */
  classesOf(random: Random, nearest: Int32Array | null): Int32Array;
}

/** @throws RangeError where a step wants more different classes than there are */
export function refuseFewClasses({ sizes, classesPerStep }: ClassPlanFacts): void {
  if (classesPerStep > sizes.length)
    throw new RangeError(`a step of ${classesPerStep} classes cannot be made of ${sizes.length}`);
}
