/** Two groups of items that become one, named by any item of each, and their distance then. */
export interface Merge {
  readonly a: number;
  readonly b: number;
  readonly distance: number;
}

export type Linkage = 'single' | 'average';
type Between = (p: number, q: number) => number;

/**
 * Merges that make one group of `count` items, nearest first.
 *
 * - `single`: groups are as near as their nearest two items. Time count^2, memory count.
 * - `average`: as near as their items are on the mean. Time and memory count^2.
 */
export const mergesOf = (linkage: Linkage, count: number, between: Between): Merge[] =>
  (linkage === 'single' ? spanningTree(count, between) : averageMerges(count, between)).sort(
    (x, y) => x.distance - y.distance,
  );

/** Prim's minimum spanning tree: its edges are the merges of single linkage. */
function spanningTree(count: number, between: Between): Merge[] {
  const merges: Merge[] = [];
  const distance = new Float64Array(count).fill(Infinity);
  const parent = new Int32Array(count);
  const inside = new Uint8Array(count);
  let last = 0;
  for (let done = 1; done < count; done++) {
    inside[last] = 1;
    let next = -1;
    for (let i = 0; i < count; i++) {
      if (inside[i]) continue;
      const d = between(last, i);
      if (d < (distance[i] as number)) {
        distance[i] = d;
        parent[i] = last;
      }
      if (next < 0 || (distance[i] as number) < (distance[next] as number)) next = i;
    }
    merges.push({ a: parent[next] as number, b: next, distance: distance[next] as number });
    last = next;
  }
  return merges;
}

/** Follows nearest neighbours until two are each other's; the mean over pairs follows from those of the parts. */
function averageMerges(count: number, between: Between): Merge[] {
  const d = new Float64Array(count * count);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) d[i * count + j] = d[j * count + i] = between(j, i);
  const size = new Int32Array(count).fill(1); // 0 for a group that is part of another
  const merges: Merge[] = [];
  const chain: number[] = [];
  while (merges.length < count - 1) {
    if (chain.length === 0) chain.push(size.findIndex((s) => s > 0));
    const top = chain.at(-1) as number;
    let near = chain.at(-2) ?? -1; // of equals the one before, so that the chain ends
    for (let i = 0; i < count; i++) {
      if (i === top || size[i] === 0) continue;
      if (near < 0 || (d[top * count + i] as number) < (d[top * count + near] as number)) near = i;
    }
    if (near !== chain.at(-2)) {
      chain.push(near);
      continue;
    }
    chain.length -= 2;
    merges.push({ a: near, b: top, distance: d[top * count + near] as number });
    const [sizeA, sizeB] = [size[near] as number, size[top] as number];
    for (let i = 0; i < count; i++) {
      if (size[i] === 0 || i === near || i === top) continue;
      const both = sizeA * (d[near * count + i] as number) + sizeB * (d[top * count + i] as number);
      d[near * count + i] = d[i * count + near] = both / (sizeA + sizeB);
    }
    size[near] = sizeA + sizeB;
    size[top] = 0;
  }
  return merges;
}
