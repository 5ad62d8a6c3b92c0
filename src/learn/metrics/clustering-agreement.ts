import { type Contingency, margins } from './contingency.ts';
import { expectedMutualInformation } from './expected-information.ts';

/** How the two entropies are averaged. Papers differ and seldom say which. */
export type Averaging = 'arithmetic' | 'geometric' | 'min' | 'max';

/**
 * Mutual information of classes and clusters, in nats: sum over cells of p_ij log(p_ij / (p_i p_j)).
 */
export function mutualInformation(table: Contingency): number {
  const { classes, clusters } = margins(table);
  let sum = 0;
  table.counts.forEach((count, cell) => {
    if (count === 0) return;
    const expected = classes[table.classOf[cell]!]! * clusters[table.clusterOf[cell]!]!;
    sum += (count / table.total) * Math.log((table.total * count) / expected);
  });
  return Math.max(0, sum);
}

/**
 * Normalised mutual information, I / mean(H_class, H_cluster). Strehl and Ghosh, JMLR 2002 (geometric mean); the
 * arithmetic mean is what most metric-learning code prints. 1 for equal partitions, also where both are trivial; 0 where
 * one of them says nothing.
 *
 * @example normalizedMutualInformation(contingency([0, 0, 1, 1], [5, 5, 7, 7])) // 1
 */
export function normalizedMutualInformation(table: Contingency, averaging: Averaging = 'arithmetic'): number {
  if (isSame(table)) return 1;
  const information = mutualInformation(table);
  if (information < Number.EPSILON) return 0;
  return information / meanEntropy(table, averaging);
}

/**
 * Adjusted mutual information, (I - E[I]) / (mean(H) - E[I]): 0 for random partitions of these sizes, whatever their
 * number of clusters. Vinh et al., JMLR 2010.
 */
export function adjustedMutualInformation(table: Contingency, averaging: Averaging = 'arithmetic'): number {
  if (isSame(table)) return 1;
  const { classes, clusters } = margins(table);
  const expected = expectedMutualInformation(classes, clusters, table.total);
  const room = meanEntropy(table, averaging) - expected;
  const safe = room < 0 ? Math.min(room, -Number.EPSILON) : Math.max(room, Number.EPSILON);
  return (mutualInformation(table) - expected) / safe;
}

/** Every class is one cluster and every cluster one class. */
function isSame(table: Contingency): boolean {
  let cells = 0;
  for (const count of table.counts) if (count > 0) cells++;
  const { classes, clusters } = margins(table);
  return cells === occupied(classes) && cells === occupied(clusters);
}

function occupied(margin: Float64Array): number {
  return margin.reduce((sum, size) => sum + (size > 0 ? 1 : 0), 0);
}

function meanEntropy(table: Contingency, averaging: Averaging): number {
  const { classes, clusters } = margins(table);
  const a = entropy(classes, table.total);
  const b = entropy(clusters, table.total);
  switch (averaging) {
    case 'arithmetic':
      return (a + b) / 2;
    case 'geometric':
      return Math.sqrt(a * b);
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
  }
}

/**
 * Homogeneity: how much of the classes' entropy the clusters explain, I / H_class; completeness the other way round. 1
 * where there is nothing to explain. Their harmonic mean, the V-measure, is NMI with the arithmetic mean. Rosenberg and
 * Hirschberg, EMNLP 2007.
 */
export function homogeneityAndCompleteness(table: Contingency): {
  readonly homogeneity: number;
  readonly completeness: number;
} {
  const { classes, clusters } = margins(table);
  const information = mutualInformation(table);
  const explained = (entropyOf: number): number => (entropyOf > 0 ? Math.min(1, information / entropyOf) : 1);
  return {
    homogeneity: explained(entropy(classes, table.total)),
    completeness: explained(entropy(clusters, table.total)),
  };
}

function entropy(margin: Float64Array, total: number): number {
  let sum = 0;
  for (const size of margin) if (size > 0) sum -= (size / total) * Math.log(size / total);
  return sum;
}
