import { type HashColumns, hammingDistance, parseHashes } from '#images/hash/hamming.ts';
import { findNearPairs } from '#images/hash/near-pairs.ts';
import { UnionFind } from './union-find.ts';

/** What the search needs of an image. */
export interface HashedImage {
  readonly imageId: number;
  readonly classId: number;
  readonly contentHash: string;
  readonly pixelHash: string;
  /** 16 hex digits. */
  readonly perceptualHash: string;
}

export interface DuplicateGroupFound {
  readonly kind: 'exact' | 'near';
  /** Largest distance of the perceptual hashes inside the group; 0 for exact copies. */
  readonly distance: number;
  /** Ascending. */
  readonly imageIds: readonly number[];
  /** Whether members carry different classes. */
  readonly acrossClasses: boolean;
}

export interface DuplicateOptions {
  /** Bits in which perceptual hashes of near copies may differ, 0 to 3. */
  readonly radius?: number;
  /**
   * Compares two images with near hashes (positions in the input). Without it, only hashes with enough structure count:
   * flat pictures and drawings on a plain background share hashes without showing the same thing.
   */
  readonly confirm?: (a: number, b: number) => boolean;
}

export const DEFAULT_RADIUS = 3;
/** Different pictures behind one hash that are told apart; more than that is a hash that says nothing. */
const MAX_PICTURES_A_HASH = 64;

/**
 * Groups of copies. Exact: equal bytes or equal pixels. Near: perceptual hashes within the radius, confirmed, joined
 * transitively; a near group also holds the exact copies of its members, and there is none that holds only those.
 * Exact groups first, then near ones by distance; takes seconds for a million images.
 */
export function findDuplicates(
  images: readonly HashedImage[],
  options: DuplicateOptions = {},
): DuplicateGroupFound[] {
  const { radius = DEFAULT_RADIUS, confirm } = options;
  const exact = groupExact(images);
  // One image stands for its exact copies.
  const kept = images.map((_, i) => i).filter((i) => exact.find(i) === i);
  const hashes = parseHashes(images.map((image) => image.perceptualHash));
  const isCopy = confirm ?? ((a: number, b: number) => hasStructure(hashes, a) && hasStructure(hashes, b));

  const near = new UnionFind(images.length);
  const pictures = picturesByHash(images, kept, near, isCopy);
  const first = pictures.map((same) => same[0] as number);
  const distinct = { high: pick(hashes.high, first), low: pick(hashes.low, first) };
  findNearPairs(distinct, radius, (a, b) => {
    for (const one of pictures[a] as number[]) {
      for (const other of pictures[b] as number[]) if (isCopy(one, other)) near.join(one, other);
    }
  });
  const nearGroups = near.groups();
  for (const group of exact.groups()) for (const member of group) near.join(member, exact.find(member));

  const found = exact.groups().map((group) => describe(images, group, 'exact', 0));
  const seen = new Set(nearGroups.map((group) => near.find(group[0] as number)));
  const whole = near
    .groups()
    .filter((group) => seen.has(near.find(group[0] as number)))
    .map((group) => describe(images, group, 'near', widest(hashes, group)));
  return [...found, ...whole.sort((a, b) => a.distance - b.distance)];
}

function groupExact(images: readonly HashedImage[]): UnionFind {
  const groups = new UnionFind(images.length);
  const first = new Map<string, number>();
  images.forEach((image, i) => {
    // The two kinds of hash are kept apart by a letter; both are SHA-256.
    for (const key of [`c${image.contentHash}`, `p${image.pixelHash}`]) {
      const other = first.get(key);
      if (other === undefined) first.set(key, i);
      else groups.join(other, i);
    }
  });
  return groups;
}

/** For each distinct hash the pictures behind it, copies joined and named once. */
function picturesByHash(
  images: readonly HashedImage[],
  kept: readonly number[],
  near: UnionFind,
  isCopy: (a: number, b: number) => boolean,
): number[][] {
  const byHash = new Map<string, number[]>();
  for (const i of kept) {
    const hash = (images[i] as HashedImage).perceptualHash;
    const pictures = byHash.get(hash);
    if (pictures === undefined) {
      byHash.set(hash, [i]);
      continue;
    }
    const same = pictures.find((picture) => isCopy(picture, i));
    if (same !== undefined) near.join(same, i);
    else if (pictures.length < MAX_PICTURES_A_HASH) pictures.push(i);
  }
  return [...byHash.values()];
}

/** At least six bits of each kind. */
function hasStructure(hashes: HashColumns, index: number): boolean {
  const zero = {
    high: Uint32Array.of(hashes.high[index] as number, 0),
    low: Uint32Array.of(hashes.low[index] as number, 0),
  };
  const bits = hammingDistance(zero, 0, 1);
  return bits >= 6 && bits <= 58;
}

function widest(hashes: HashColumns, group: readonly number[]): number {
  let most = 0;
  // Against the first hundred only: a chain of thousands has no use for an exact width.
  for (const a of group.slice(0, 100))
    for (const b of group) most = Math.max(most, hammingDistance(hashes, a, b));
  return most;
}

function describe(
  images: readonly HashedImage[],
  group: readonly number[],
  kind: DuplicateGroupFound['kind'],
  distance: number,
): DuplicateGroupFound {
  const members = group.map((i) => images[i] as HashedImage);
  return {
    kind,
    distance,
    imageIds: members.map((image) => image.imageId).sort((a, b) => a - b),
    acrossClasses: new Set(members.map((image) => image.classId)).size > 1,
  };
}

const pick = (values: Uint32Array, indices: readonly number[]): Uint32Array =>
  Uint32Array.from(indices, (i) => values[i] as number);
