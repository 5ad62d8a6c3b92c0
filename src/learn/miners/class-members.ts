/** Rows of every class, so that an anchor finds its positives without looking at all rows. */
export class ClassMembers {
  readonly #start = new Map<number, readonly [from: number, to: number]>();
  readonly #rows: Int32Array;
  readonly labels: Int32Array;

  constructor(labels: Int32Array) {
    this.labels = labels;
    const sizes = new Map<number, number>();
    for (const label of labels) sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const next = new Map<number, number>();
    let at = 0;
    for (const [label, size] of sizes) {
      this.#start.set(label, [at, at + size]);
      next.set(label, at);
      at += size;
    }
    this.#rows = new Int32Array(labels.length);
    labels.forEach((label, row) => {
      const place = next.get(label)!;
      this.#rows[place] = row;
      next.set(label, place + 1);
    });
  }

  get classes(): number {
    return this.#start.size;
  }

  /** Ascending rows of a class. */
  of(label: number): Int32Array {
    const [from, to] = this.#start.get(label) ?? [0, 0];
    return this.#rows.subarray(from, to);
  }

  /** How many other rows share this row's class. */
  positivesOf(row: number): number {
    return this.of(this.labels[row]!).length - 1;
  }
}
