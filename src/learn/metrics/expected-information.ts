const SPREAD = 12;

/**
 * Mean mutual information of two random partitions with the given sizes (hypergeometric model), in nats. Vinh et al.,
 * "Information Theoretic Measures for Clusterings Comparison", JMLR 2010, equation 24. Equal sizes are worked out once,
 * and counts that are more than 12 standard deviations from their mean are left out (their share is below 1e-15).
 */
export function expectedMutualInformation(
  classes: Float64Array,
  clusters: Float64Array,
  total: number,
): number {
  const logFactorial = logFactorials(total);
  let sum = 0;
  for (const [a, classesOfSize] of sizes(classes)) {
    for (const [b, clustersOfSize] of sizes(clusters)) {
      sum += classesOfSize * clustersOfSize * expectedCell(a, b, total, logFactorial);
    }
  }
  return sum;
}

function expectedCell(a: number, b: number, n: number, logFactorial: Float64Array): number {
  const mean = (a * b) / n;
  const variance = n > 1 ? (mean * (n - a) * (n - b)) / (n * (n - 1)) : 0;
  const reach = SPREAD * Math.sqrt(variance) + SPREAD;
  const from = Math.max(1, a + b - n, Math.floor(mean - reach));
  const to = Math.min(a, b, Math.ceil(mean + reach));
  const fixed =
    logFactorial[a]! + logFactorial[b]! + logFactorial[n - a]! + logFactorial[n - b]! - logFactorial[n]!;
  let sum = 0;
  for (let k = from; k <= to; k++) {
    const logChance =
      fixed - logFactorial[k]! - logFactorial[a - k]! - logFactorial[b - k]! - logFactorial[n - a - b + k]!;
    sum += (k / n) * Math.log((n * k) / (a * b)) * Math.exp(logChance);
  }
  return sum;
}

function sizes(margin: Float64Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const size of margin) if (size > 0) counts.set(size, (counts.get(size) ?? 0) + 1);
  return counts;
}

let table = new Float64Array([0]);

/** Grows only: one table serves all calls. */
function logFactorials(largest: number): Float64Array {
  if (table.length <= largest) {
    const grown = new Float64Array(largest + 1);
    for (let i = 1; i <= largest; i++) grown[i] = grown[i - 1]! + Math.log(i);
    table = grown;
  }
  return table;
}
