import type { IconSet } from './icon-set.ts';

const SKIN_TONE = /(light|dark|medium)(-(light|dark))?-skin-tone|-skin-/;
const FLAG = /^flag-/;

export interface DemoClass {
  readonly name: string;
  readonly sets: readonly IconSet[];
}

/** The emoji that at least `minVendors` vendors have drawn, without skin tones and flags, in the order of their names. */
export function demoClasses(sets: readonly IconSet[], minVendors: number): DemoClass[] {
  const drawn = new Map<string, Set<IconSet>>();
  for (const set of sets) {
    for (const name of set.names()) {
      if (SKIN_TONE.test(name) || FLAG.test(name)) continue;
      const found = drawn.get(name);
      if (found) found.add(set);
      else drawn.set(name, new Set([set]));
    }
  }
  return [...drawn]
    .filter(([, found]) => found.size >= minVendors)
    .map(([name, found]) => ({ name, sets: [...found] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
