import { type HashColumns, hammingDistance } from './hamming.ts';

/** Two hashes at most this far apart agree in one of four 16-bit chunks, which is what the search rests on. */
export const MAX_RADIUS = 3;
const CHUNKS = 4;
const CHUNK_VALUES = 2 ** 16;
/** Buckets above this are searched through a second chunk instead of pair by pair. */
const LARGE_BUCKET = 256;

/**
 * Calls `onPair` once for every two hashes at most `radius` bits apart (multi-index hashing; exact). Give each distinct
 * hash once: many equal ones would be compared pair by pair.
 *
 * @param radius 0 to 3
 */
export function findNearPairs(
  hashes: HashColumns,
  radius: number,
  onPair: (a: number, b: number, distance: number) => void,
): void {
  if (radius > MAX_RADIUS)
    throw new RangeError(`A radius of ${String(radius)} is more than ${String(MAX_RADIUS)}.`);
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const { order, starts } = sortByChunk(hashes, chunk);
    const report = (a: number, b: number): void => {
      const distance = hammingDistance(hashes, a, b);
      if (distance > radius) return;
      // Told at the first chunk in which the two agree.
      for (let earlier = 0; earlier < chunk; earlier++) {
        if (chunkOf(hashes, a, earlier) === chunkOf(hashes, b, earlier)) return;
      }
      onPair(Math.min(a, b), Math.max(a, b), distance);
    };
    for (let value = 0; value < CHUNK_VALUES; value++) {
      const from = starts[value] as number;
      const to = starts[value + 1] as number;
      if (to - from < 2) continue;
      const bucket = order.subarray(from, to);
      if (bucket.length <= LARGE_BUCKET) eachPair(bucket, report);
      else searchLarge(hashes, bucket, chunk, report);
    }
  }
}

/** Chunk 0 is the highest 16 bits. */
function chunkOf({ high, low }: HashColumns, index: number, chunk: number): number {
  const half = (chunk < 2 ? high[index] : low[index]) as number;
  return chunk % 2 === 0 ? half >>> 16 : half & 0xffff;
}

function sortByChunk(hashes: HashColumns, chunk: number): { order: Uint32Array; starts: Uint32Array } {
  const count = hashes.high.length;
  const starts = new Uint32Array(CHUNK_VALUES + 1);
  for (let i = 0; i < count; i++) {
    const slot = chunkOf(hashes, i, chunk) + 1;
    starts[slot] = (starts[slot] as number) + 1;
  }
  for (let value = 0; value < CHUNK_VALUES; value++) {
    starts[value + 1] = (starts[value + 1] as number) + (starts[value] as number);
  }
  const next = starts.slice();
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const value = chunkOf(hashes, i, chunk);
    order[next[value] as number] = i;
    next[value] = (next[value] as number) + 1;
  }
  return { order, starts };
}

function eachPair(bucket: Uint32Array, report: (a: number, b: number) => void): void {
  for (let i = 1; i < bucket.length; i++) {
    for (let j = 0; j < i; j++) report(bucket[i] as number, bucket[j] as number);
  }
}

/**
 * Members of a bucket agree in `chunk`; within the radius, the three bits that may differ leave one of the other three
 * chunks with at most one of them. So each of those is looked up by its value and its 16 neighbours.
 */
function searchLarge(
  hashes: HashColumns,
  bucket: Uint32Array,
  chunk: number,
  report: (a: number, b: number) => void,
): void {
  const others = [0, 1, 2, 3].filter((other) => other !== chunk);
  others.forEach((other, turn) => {
    // Members seen so far by their value of this chunk, as linked lists.
    const heads = new Map<number, number>();
    const links = new Int32Array(bucket.length);
    for (let i = 0; i < bucket.length; i++) {
      const index = bucket[i] as number;
      const own = chunkOf(hashes, index, other);
      for (let flip = -1; flip < 16; flip++) {
        const probe = flip < 0 ? own : own ^ (1 << flip);
        for (let at = heads.get(probe) ?? -1; at >= 0; at = links[at] as number) {
          const candidate = bucket[at] as number;
          if (!nearInEarlier(hashes, index, candidate, others, turn)) report(index, candidate);
        }
      }
      links[i] = heads.get(own) ?? -1;
      heads.set(own, i);
    }
  });
}

/** Whether an earlier turn has found the two. */
function nearInEarlier(
  hashes: HashColumns,
  a: number,
  b: number,
  others: readonly number[],
  turn: number,
): boolean {
  for (let earlier = 0; earlier < turn; earlier++) {
    const chunk = others[earlier] as number;
    const difference = chunkOf(hashes, a, chunk) ^ chunkOf(hashes, b, chunk);
    if ((difference & (difference - 1)) === 0) return true;
  }
  return false;
}
