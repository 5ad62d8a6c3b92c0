import type { LeakCount } from '#shared/domain/split.ts';
import { type CopyGroup, DIVIDED_PARTS, type DividedPart } from './split-input.ts';

/** An image of one part and its first copy in a later part. */
export interface Leak {
  readonly kind: 'exact' | 'near';
  readonly distance: number;
  readonly from: DividedPart;
  readonly to: DividedPart;
  readonly a: number;
  readonly b: number;
}

export interface LeakMatrix {
  /** One row for each image of `from` and each `to`; exact before near. */
  readonly leaks: readonly Leak[];
  /** All three pairs of parts, also where nothing leaks: the proof is a row of zeros. */
  readonly counts: readonly LeakCount[];
}

/**
 * Which images of a part have a copy in a later one (train, validation, test).
 * @param partOf null for an image that is in no part
 */
export function findLeaks(
  copies: readonly CopyGroup[],
  partOf: (imageId: number) => DividedPart | null,
): LeakMatrix {
  const leaks: Leak[] = [];
  const seen = new Set<string>();
  const ordered = [...copies].sort((a, b) => rank(a) - rank(b));
  for (const { kind, distance, imageIds } of ordered) {
    const members: Record<DividedPart, number[]> = { train: [], validation: [], test: [] };
    for (const id of imageIds) {
      const part = partOf(id);
      if (part !== null) members[part].push(id);
    }
    for (const [from, to] of PAIRS) {
      const b = members[to][0];
      if (b === undefined) continue;
      for (const a of members[from]) {
        // An exact copy is not told again as a near one.
        const key = `${String(a)}>${to}`;
        if (seen.has(key)) continue;
        seen.add(key);
        leaks.push({ kind, distance, from, to, a, b });
      }
    }
  }
  const count = (from: DividedPart, to: DividedPart, kind: Leak['kind']): number =>
    leaks.filter((leak) => leak.from === from && leak.to === to && leak.kind === kind).length;
  const counts = PAIRS.map(([from, to]) => ({
    from,
    to,
    exact: count(from, to, 'exact'),
    near: count(from, to, 'near'),
  }));
  return { leaks, counts };
}

const PAIRS = DIVIDED_PARTS.flatMap((from, i) => DIVIDED_PARTS.slice(i + 1).map((to) => [from, to] as const));

const rank = (group: CopyGroup): number => (group.kind === 'exact' ? -1 : group.distance);
