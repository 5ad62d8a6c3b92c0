import type { Verdict } from '#shared/domain/dataset.ts';

export interface GivenVerdict {
  readonly verdict: Verdict;
  readonly imageId: number | null;
  /** The event that gave it: what it changed besides can be taken back with it. */
  readonly eventId: number;
}

/**
 * The smallest steps that curation is made of. Each holds only what it really changed, and its opposite is made of
 * itself alone: that is what undo, redo and rebuilding the projection rest on.
 */
export type Change =
  | { readonly op: 'new-class'; readonly classId: number; readonly name: string }
  | { readonly op: 'class-name'; readonly classId: number; readonly from: string; readonly to: string }
  /** Images `ids` go from one class to another. */
  | { readonly op: 'move'; readonly from: number; readonly to: number; readonly ids: readonly number[] }
  | { readonly op: 'exclude'; readonly excluded: boolean; readonly ids: readonly number[] }
  | { readonly op: 'tag'; readonly tag: string; readonly add: boolean; readonly ids: readonly number[] }
  | {
      readonly op: 'verdict';
      readonly refresh: string;
      readonly row: number;
      readonly from: GivenVerdict | null;
      readonly to: GivenVerdict | null;
      /** How many changes at the start of the same event take back what the verdict before had done. */
      readonly takenBack?: number;
    };

/** The changes that take `changes` back. A class that was made stays, empty: its id may be named elsewhere. */
export function opposite(changes: readonly Change[]): Change[] {
  const back: Change[] = [];
  for (const change of changes.toReversed()) {
    switch (change.op) {
      case 'new-class':
        break;
      case 'class-name':
      case 'move':
      case 'verdict':
        back.push({ ...change, from: change.to, to: change.from } as Change);
        break;
      case 'exclude':
        back.push({ ...change, excluded: !change.excluded });
        break;
      case 'tag':
        back.push({ ...change, add: !change.add });
        break;
    }
  }
  return back;
}

/** Ids of the images that the changes touch, each once. */
export function imagesOf(changes: readonly Change[]): Set<number> {
  const ids = new Set<number>();
  for (const change of changes) {
    if ('ids' in change) for (const id of change.ids) ids.add(id);
    else if (change.op === 'verdict' && change.to?.imageId != null) ids.add(change.to.imageId);
  }
  return ids;
}

/** Whether labels, exclusions, tags or classes change: what a dataset's revision counts. A bare verdict changes none. */
export function changesDataset(changes: readonly Change[]): boolean {
  return changes.some((change) => change.op !== 'verdict');
}
