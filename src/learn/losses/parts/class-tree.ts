import type { ClassDistances } from './class-distances.ts';
import { type Linkage, mergesOf } from './linkage.ts';

/** The classes of a set, joined level by level to fewer and larger nodes. */
export interface ClassTree {
  /** [levels + 1], d_l = l (4 - d_0) / L + d_0. */
  readonly thresholds: Float64Array;
  /** [classes, levels + 1]: the node of each class at each level, named by its smallest class. */
  readonly nodes: Int32Array;
  /** [classes], mean squared distance within. */
  readonly within: Float64Array;
}

/**
 * The class tree of the hierarchical triplet loss: at level l the nodes nearer than d_l are one; at the last level all
 * are. Ge et al., "Deep Metric Learning with Hierarchical Triplet Loss", ECCV 2018, section 4.1.
 */
export function classTree(distances: ClassDistances, levels: number, linkage: Linkage): ClassTree {
  const { classes, within } = distances;
  const base = within.reduce((sum, value) => sum + value, 0) / Math.max(1, classes);
  const thresholds = Float64Array.from({ length: levels + 1 }, (_, l) => (l * (4 - base)) / levels + base);
  const merges = mergesOf(linkage, classes, distances.between);
  const parent = Int32Array.from({ length: classes }, (_, c) => c);
  const root = (c: number): number => {
    while (parent[c] !== c) c = parent[c] = parent[parent[c] as number] as number;
    return c;
  };
  const nodes = new Int32Array(classes * (levels + 1));
  let done = 0;
  for (const [level, threshold] of thresholds.entries()) {
    for (let merge = merges[done]; merge; merge = merges[++done]) {
      if (level < levels && merge.distance >= threshold) break;
      const [a, b] = [root(merge.a), root(merge.b)];
      parent[Math.max(a, b)] = Math.min(a, b);
    }
    for (let c = 0; c < classes; c++) nodes[c * (levels + 1) + level] = root(c);
  }
  return { thresholds, nodes, within };
}
