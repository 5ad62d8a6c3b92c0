import type { PartName } from '#shared/domain/split.ts';

/** An image as a split sees it: excluded images are not given. */
export interface SplitImage {
  readonly imageId: number;
  readonly classId: number;
  readonly className: string;
  /** Relative to the dataset's folder; unique within it. What makes a split the same on another machine. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly contentHash: string;
}

/** Images that show the same thing, as `findDuplicates` gives them. */
export interface CopyGroup {
  readonly kind: 'exact' | 'near';
  readonly distance: number;
  readonly imageIds: readonly number[];
}

export interface SplitInput {
  readonly kind: 'class-disjoint' | 'stratified' | 'k-fold' | 'official';
  readonly images: readonly SplitImage[];
  /** Share of the classes (class-disjoint) or of each class's images (stratified). */
  readonly testShare: number;
  /** Share of what is left for training. */
  readonly validationShare: number;
  readonly seed: number;
  /** Leave out of train and validation what has a copy in test. */
  readonly dropLeaks: boolean;
  readonly copies: readonly CopyGroup[];
}

export type DividedPart = Extract<PartName, 'train' | 'validation' | 'test'>;
export const DIVIDED_PARTS = ['train', 'validation', 'test'] as const satisfies readonly DividedPart[];
export type Assignment = ReadonlyMap<SplitImage, DividedPart>;

/** By code unit: the same order whatever the machine's language. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
