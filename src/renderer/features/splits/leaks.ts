import type { LeakCount, PartName, SplitSummary } from '../../../shared/domain/split.ts';

export const PARTS: readonly PartName[] = ['train', 'validation', 'test', 'query', 'gallery'];
export const PART_TITLES: Readonly<Record<PartName, string>> = {
  train: 'Train',
  validation: 'Validation',
  test: 'Test',
  query: 'Query',
  gallery: 'Gallery',
};

export interface LeakCell {
  readonly exact: number;
  readonly near: number;
}

/** The parts that leaks speak of, in their usual order; train, validation and test where there is no leak at all. */
export function leakParts(leaks: readonly LeakCount[]): PartName[] {
  const named = PARTS.filter((part) => leaks.some((leak) => leak.from === part || leak.to === part));
  return PARTS.filter(
    (part) => named.includes(part) || part === 'train' || part === 'validation' || part === 'test',
  );
}

/** Copies between two different parts, whichever way they were counted. */
export function leakCell(leaks: readonly LeakCount[], a: PartName, b: PartName): LeakCell {
  let exact = 0;
  let near = 0;
  for (const leak of leaks) {
    const there = leak.from === a && leak.to === b;
    const back = leak.from === b && leak.to === a;
    if (!there && !back) continue;
    exact = Math.max(exact, leak.exact);
    near = Math.max(near, leak.near);
  }
  return { exact, near };
}

export function leakTotal(split: SplitSummary): LeakCell {
  const parts = leakParts(split.leaks);
  let exact = 0;
  let near = 0;
  parts.forEach((a, index) => {
    for (const b of parts.slice(index + 1)) {
      const cell = leakCell(split.leaks, a, b);
      exact += cell.exact;
      near += cell.near;
    }
  });
  return { exact, near };
}
