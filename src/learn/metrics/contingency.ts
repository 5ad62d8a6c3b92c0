/** Counts of images by (class, cluster), sparse: cell c counts `counts[c]` images of class `classOf[c]` in `clusterOf[c]`. */
export interface Contingency {
  readonly total: number;
  readonly counts: Float64Array;
  readonly classOf: Int32Array;
  readonly clusterOf: Int32Array;
  readonly classes: number;
  readonly clusters: number;
  /** [images], the cell of every image. */
  readonly cellOf: Int32Array;
}

/** @param labels [images] @param clusters [images], any integers */
export function contingency(labels: ArrayLike<number>, clusters: ArrayLike<number>): Contingency {
  if (labels.length !== clusters.length)
    throw new RangeError(`${labels.length} labels, ${clusters.length} clusters`);
  const classNumbers = new Map<number, number>();
  const clusterNumbers = new Map<number, number>();
  const cellNumbers = new Map<string, number>();
  const counts: number[] = [];
  const classOf: number[] = [];
  const clusterOf: number[] = [];
  const cellOf = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    const row = numberOf(classNumbers, labels[i]!);
    const column = numberOf(clusterNumbers, clusters[i]!);
    const cell = numberOf(cellNumbers, `${row} ${column}`);
    cellOf[i] = cell;
    counts[cell] = (counts[cell] ?? 0) + 1;
    classOf[cell] = row;
    clusterOf[cell] = column;
  }
  return {
    total: labels.length,
    counts: Float64Array.from(counts),
    classOf: Int32Array.from(classOf),
    clusterOf: Int32Array.from(clusterOf),
    classes: classNumbers.size,
    clusters: clusterNumbers.size,
    cellOf,
  };
}

/** The same table for images drawn again: `draws` are image numbers, repeats allowed. */
export function redrawn(table: Contingency, draws: Int32Array): Contingency {
  const counts = new Float64Array(table.counts.length);
  for (const image of draws) counts[table.cellOf[image]!]!++;
  return { ...table, total: draws.length, counts };
}

/** Images of every class and of every cluster. */
export function margins(table: Contingency): {
  readonly classes: Float64Array;
  readonly clusters: Float64Array;
} {
  const classes = new Float64Array(table.classes);
  const clusters = new Float64Array(table.clusters);
  table.counts.forEach((count, cell) => {
    classes[table.classOf[cell]!]! += count;
    clusters[table.clusterOf[cell]!]! += count;
  });
  return { classes, clusters };
}

function numberOf<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
