import { type Contingency, margins } from './contingency.ts';

/** How many pairs of images share class and cluster, a class, a cluster, and are there at all. */
interface PairCounts {
  readonly both: number;
  readonly sameClass: number;
  readonly sameCluster: number;
  readonly all: number;
}

export interface PairScores {
  /** Share of the pairs in one cluster that are of one class; 0 where no cluster has a pair. */
  readonly precision: number;
  /** Share of the pairs of one class that are in one cluster; 0 where no class has a pair. */
  readonly recall: number;
  /** Their harmonic mean, which metric-learning papers print as F1. Manning et al., "Introduction to IR", 2008, 16.3. */
  readonly f1: number;
}

/** @example pairScores(contingency([0, 0, 1, 1], [5, 5, 5, 7])).recall // 0.5: of two pairs of one class one is together */
export function pairScores(table: Contingency): PairScores {
  const { both, sameClass, sameCluster } = pairCounts(table);
  return {
    precision: share(both, sameCluster),
    recall: share(both, sameClass),
    f1: share(2 * both, sameClass + sameCluster),
  };
}

/** Rand index adjusted for chance. Hubert and Arabie, Journal of Classification 1985. 1 for equal partitions. */
export function adjustedRandIndex(table: Contingency): number {
  const { both, sameClass, sameCluster, all } = pairCounts(table);
  if (both === sameClass && both === sameCluster) return 1;
  const expected = (sameClass * sameCluster) / all;
  return (both - expected) / ((sameClass + sameCluster) / 2 - expected);
}

/** Share of images that are of the most frequent class of their cluster. */
export function purity(table: Contingency): number {
  const largest = new Float64Array(table.clusters);
  table.counts.forEach((count, cell) => {
    const cluster = table.clusterOf[cell]!;
    largest[cluster] = Math.max(largest[cluster]!, count);
  });
  return largest.reduce((sum, count) => sum + count, 0) / table.total;
}

function pairCounts(table: Contingency): PairCounts {
  const { classes, clusters } = margins(table);
  return {
    both: pairsOf(table.counts),
    sameClass: pairsOf(classes),
    sameCluster: pairsOf(clusters),
    all: pairsOf([table.total]),
  };
}

function pairsOf(sizes: Iterable<number>): number {
  let pairs = 0;
  for (const size of sizes) pairs += (size * (size - 1)) / 2;
  return pairs;
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
