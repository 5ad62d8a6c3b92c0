/**
 * Scores of one query. `hits[i]` is 1 where the neighbour at rank i + 1 has the query's class, the query itself being left
 * out by identity; `relevant` is R, how many other images have its class. Their means over queries are the published
 * scores; queries with R = 0 are left out of them and counted.
 */

/**
 * R@K: 1 where any of the K nearest has the query's class. Jegou et al., "Product Quantization", TPAMI 2011, section V.
 *
 * @example recallAtK([0, 0, 1], 2) // 0
 * @example recallAtK([0, 0, 1], 4) // 1
 */
export function recallAtK(hits: ArrayLike<number>, k: number): 0 | 1 {
  const depth = Math.min(k, hits.length);
  for (let i = 0; i < depth; i++) if (hits[i] === 1) return 1;
  return 0;
}

/**
 * R-precision: hits among the R nearest, divided by R. Musgrave et al., "A Metric Learning Reality Check", ECCV 2020.
 *
 * @example rPrecision([1, 0, 1, 1], 3) // 2 / 3: the hit at rank 4 comes too late
 */
export function rPrecision(hits: ArrayLike<number>, relevant: number): number {
  let found = 0;
  for (let i = 0; i < relevant; i++) if (hits[i] === 1) found++;
  return found / relevant;
}

/**
 * MAP@R: mean over the ranks i <= R of precision(i), counted where rank i is a hit. Musgrave et al., ECCV 2020.
 *
 * @example averagePrecisionAtR([1, 0, 1, 1], 3) // (1/1 + 0 + 2/3) / 3 = 5 / 9
 */
export function averagePrecisionAtR(hits: ArrayLike<number>, relevant: number): number {
  let found = 0;
  let sum = 0;
  for (let i = 0; i < relevant; i++) {
    if (hits[i] !== 1) continue;
    found++;
    sum += found / (i + 1);
  }
  return sum / relevant;
}

/**
 * Average precision over the whole list of `hits`: mean over the hits of the precision at their rank.
 *
 * @example averagePrecision([0, 1, 1], 2) // (1/2 + 2/3) / 2 = 7 / 12
 */
export function averagePrecision(hits: ArrayLike<number>, relevant: number): number {
  let found = 0;
  let sum = 0;
  for (let i = 0; i < hits.length; i++) {
    if (hits[i] !== 1) continue;
    found++;
    sum += found / (i + 1);
  }
  return sum / relevant;
}

/**
 * 1-based rank of the first hit; 0 where the list has none.
 *
 * @example firstHitRank([0, 0, 1]) // 3
 */
export function firstHitRank(hits: ArrayLike<number>): number {
  for (let i = 0; i < hits.length; i++) if (hits[i] === 1) return i + 1;
  return 0;
}

/**
 * Vote of the nearest: the class that most of them have; where several have as many, the one whose first member is nearer.
 *
 * @param neighbors classes of the k nearest, nearest first; one at least
 * @example voteOf([4, 7, 7, 4, 1]) // 4
 */
export function voteOf(neighbors: ArrayLike<number>): number {
  const votes = new Map<number, number>();
  for (let i = 0; i < neighbors.length; i++) votes.set(neighbors[i]!, (votes.get(neighbors[i]!) ?? 0) + 1);
  let best = neighbors[0]!;
  for (const [label, count] of votes) if (count > votes.get(best)!) best = label;
  return best;
}
