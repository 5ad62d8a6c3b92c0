/**
 * How a step of so many classes is cut into groups of similar ones: the groups are all of one size, at least as large as
 * there are groups. 8 classes are 2 groups of 4, 16 are 4 of 4, 12 are 3 of 4; a prime number is one group.
 */
export function groupShape(classesPerStep: number): { readonly groups: number; readonly size: number } {
  let groups = Math.floor(Math.sqrt(classesPerStep));
  while (classesPerStep % groups !== 0) groups -= 1;
  return { groups, size: classesPerStep / groups };
}

/**
 * A class and those that are nearest to it among the classes that are free, which they are no longer afterwards. Where
 * the list of nearest classes is too short, or nothing is known yet, the next of `order` fill up.
 *
 * @param free  [classes], 1 where a class can be taken; changed
 * @param order [classes], a random order
 */
export function takeGroup(
  first: number,
  size: number,
  nearest: Int32Array | null,
  free: Uint8Array,
  order: Int32Array,
): number[] {
  const group = [first];
  free[first] = 0;
  const width = nearest ? nearest.length / free.length : 0;
  const near = nearest ? nearest.subarray(first * width, (first + 1) * width) : [];
  for (const candidates of [near, order]) {
    for (const label of candidates) {
      if (group.length === size) return group;
      if (label < 0 || free[label] !== 1) continue;
      group.push(label);
      free[label] = 0;
    }
  }
  return group;
}
