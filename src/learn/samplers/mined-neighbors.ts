import type { MinedSet } from './mined-set.ts';

/**
 * Classes that are near each other in a mined set: class q is the nearer to p, the more triplets have their anchor in p
 * and their negative in q. Equals go by the smaller number.
 *
 * @param labels [samples], class numbers from 0
 * @param most   at most so many for each class
 * @returns [classes, m], nearest first, -1 where no more are known; m is as many as some class has
 */
export function nearestClassesOfMined(
  { anchors, negatives }: Pick<MinedSet, 'anchors' | 'negatives'>,
  labels: Int32Array,
  classes: number,
  most: number,
): Int32Array {
  const counts = Array.from({ length: classes }, () => new Map<number, number>());
  for (const [triplet, anchor] of anchors.entries()) {
    const own = counts[labels[anchor]!]!;
    const other = labels[negatives[triplet]!]!;
    own.set(other, (own.get(other) ?? 0) + 1);
  }
  const ordered = counts.map((own) =>
    [...own].sort(([a, inA], [b, inB]) => inB - inA || a - b).slice(0, most),
  );
  const width = ordered.reduce((widest, near) => Math.max(widest, near.length), 0);
  const nearest = new Int32Array(classes * width).fill(-1);
  for (const [label, near] of ordered.entries())
    for (const [place, [other]] of near.entries()) nearest[label * width + place] = other;
  return nearest;
}
