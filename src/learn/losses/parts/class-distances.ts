import type { TrainingEmbeddings } from '../method.ts';

/** How far the classes of a set lie from each other and within, from the sums of their embeddings alone. */
export interface ClassDistances {
  readonly classes: number;
  /** [classes] mean squared distance of two different images of the class; 0 where it has fewer than two. */
  readonly within: Float64Array;
  /** Mean squared distance of an image of one class to one of the other. */
  readonly between: (p: number, q: number) => number;
}

/** @throws nothing; a class without images is at the distance of unrelated unit vectors from everything */
export function classDistances({
  classes,
  dim,
  embeddings,
  labels,
}: Pick<TrainingEmbeddings, 'classes' | 'dim' | 'embeddings' | 'labels'>): ClassDistances {
  const means = new Float64Array(classes * dim);
  const squares = new Float64Array(classes); // mean |x|^2
  const counts = new Int32Array(classes);
  for (const [i, label] of labels.entries()) {
    counts[label] = (counts[label] as number) + 1;
    for (let d = 0; d < dim; d++) {
      const value = embeddings[i * dim + d] as number;
      means[label * dim + d] = (means[label * dim + d] as number) + value;
      squares[label] = (squares[label] as number) + value * value;
    }
  }
  for (let c = 0; c < classes; c++) {
    const count = Math.max(1, counts[c] as number);
    squares[c] = (squares[c] as number) / count;
    for (let d = 0; d < dim; d++) means[c * dim + d] = (means[c * dim + d] as number) / count;
  }
  const between = (p: number, q: number): number => {
    if (counts[p] === 0 || counts[q] === 0) return 2;
    let dot = 0;
    for (let d = 0; d < dim; d++) dot += (means[p * dim + d] as number) * (means[q * dim + d] as number);
    return Math.max(0, (squares[p] as number) + (squares[q] as number) - 2 * dot);
  };
  // Over all ordered pairs the mean is between(c, c); pairs of an image with itself are left out of it.
  const within = Float64Array.from(counts, (count, c) =>
    count < 2 ? 0 : (between(c, c) * count) / (count - 1),
  );
  return { classes, within, between };
}

/** @returns [classes, m] for each class its m nearest others, nearest first, the smaller number of equals first */
export function nearestClassesOf({ classes, between }: ClassDistances, m: number): Int32Array {
  const nearest = new Int32Array(classes * m);
  const found = new Float64Array(m);
  for (let p = 0; p < classes; p++) {
    found.fill(Infinity);
    for (let q = 0; q < classes; q++) {
      if (q === p) continue;
      const distance = between(p, q);
      let place = m;
      while (place > 0 && distance < (found[place - 1] as number)) place--;
      if (place === m) continue;
      found.copyWithin(place + 1, place, m - 1);
      nearest.copyWithin(p * m + place + 1, p * m + place, p * m + m - 1);
      found[place] = distance;
      nearest[p * m + place] = q;
    }
  }
  return nearest;
}
