import { createHash } from 'node:crypto';
import type { LeakCount } from '#shared/domain/split.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { contentDigest } from '#formats/content-digest.ts';
import { divideClasses } from './divide-classes.ts';
import { divideImages } from './divide-images.ts';
import { findLeaks, type Leak } from './leaks.ts';
import {
  type Assignment,
  byText,
  DIVIDED_PARTS,
  type DividedPart,
  type SplitImage,
  type SplitInput,
} from './split-input.ts';

export interface PartSize {
  readonly classes: number;
  readonly images: number;
}

export interface SplitPart {
  readonly part: DividedPart;
  /** [images], ascending. */
  readonly imageIds: Int32Array;
  /** [images] */
  readonly classIds: Int32Array;
  /** Digest of the images' files, in the order of `imageIds`. */
  readonly content: string;
}

export interface CreatedSplit {
  /** train, validation, test; validation and test may be empty. */
  readonly parts: readonly SplitPart[];
  readonly counts: Readonly<Record<DividedPart, PartSize>>;
  /** SHA-256 over parts, class names and the files' contents: equal for the same split of the same data in any library. */
  readonly hash: string;
  readonly leaks: readonly Leak[];
  readonly leakCounts: readonly LeakCount[];
  /** Images left out by `dropLeaks`. */
  readonly dropped: readonly number[];
}

/**
 * Divides a dataset's images. The same images, shares and seed give the same parts whatever the order of the input.
 * @throws UserError bad-input where the data cannot be divided so
 */
export function createSplit(input: SplitInput): CreatedSplit {
  if (input.images.length === 0) {
    throw new UserError(
      'bad-input',
      'There is no image to split. Import images, or bring excluded ones back.',
    );
  }
  const assignment = divide(input);
  const partOfId = new Map<number, DividedPart>();
  for (const [image, part] of assignment) partOfId.set(image.imageId, part);
  const dropped = input.dropLeaks ? dropCopiesOfTest(input, partOfId) : [];
  const { leaks, counts: leakCounts } = findLeaks(input.copies, (id) => partOfId.get(id) ?? null);

  const members: Record<DividedPart, SplitImage[]> = { train: [], validation: [], test: [] };
  for (const image of input.images) {
    const part = partOfId.get(image.imageId);
    if (part !== undefined) members[part].push(image);
  }
  if (members.train.length === 0) {
    throw new UserError(
      'bad-input',
      'Nothing would be left to train on. Lower the shares, or keep the leaks.',
    );
  }
  return {
    parts: DIVIDED_PARTS.map((part) => toPart(part, members[part])),
    counts: {
      train: countsOf(members.train),
      validation: countsOf(members.validation),
      test: countsOf(members.test),
    },
    hash: hashOf(members),
    leaks,
    leakCounts,
    dropped,
  };
}

function divide(input: SplitInput): Assignment {
  switch (input.kind) {
    case 'class-disjoint':
      return divideClasses(input.images, input);
    case 'stratified':
      return divideImages(input.images, input);
    case 'k-fold':
    case 'official':
      throw new UserError(
        'bad-input',
        `Plumage cannot make a split of the kind "${input.kind}" yet. Choose class-disjoint or stratified.`,
      );
  }
}

/** Takes out of `partOf` what is trained or validated on and has a copy in the test part. @returns their ids */
function dropCopiesOfTest({ copies }: SplitInput, partOf: Map<number, DividedPart>): number[] {
  const dropped = new Set<number>();
  for (const { imageIds } of copies) {
    if (!imageIds.some((id) => partOf.get(id) === 'test')) continue;
    for (const id of imageIds) {
      const part = partOf.get(id);
      if (part !== undefined && part !== 'test') dropped.add(id);
    }
  }
  for (const id of dropped) partOf.delete(id);
  return [...dropped].sort((a, b) => a - b);
}

function toPart(part: DividedPart, images: SplitImage[]): SplitPart {
  images.sort((a, b) => a.imageId - b.imageId);
  return {
    part,
    imageIds: Int32Array.from(images, (image) => image.imageId),
    classIds: Int32Array.from(images, (image) => image.classId),
    content: contentDigest(images.map((image) => image.contentHash)),
  };
}

const countsOf = (images: readonly SplitImage[]): PartSize => ({
  classes: new Set(images.map((image) => image.className)).size,
  images: images.length,
});

function hashOf(members: Readonly<Record<DividedPart, readonly SplitImage[]>>): string {
  const hash = createHash('sha256');
  for (const part of DIVIDED_PARTS) {
    const lines = members[part].map((image) => `${part}\0${image.className}\0${image.contentHash}\n`);
    for (const line of lines.sort(byText)) hash.update(line);
  }
  return hash.digest('hex');
}
