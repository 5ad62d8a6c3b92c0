import type { Random } from '../random/counter-random.ts';

/** Draws triplets of a labelled set: each anchor that has a positive equally likely, then each positive, each negative. */
export class RandomTriplets {
  /** Samples, class by class. */
  readonly #order: Int32Array;
  readonly #labels: Int32Array;
  /** [classes + 1], where each class begins in `#order`. */
  readonly #starts: Int32Array;
  /** Samples that have another of their class. */
  readonly #anchors: Int32Array;

  /**
   * @param labels [samples], class numbers from 0
   * @throws RangeError where there is no triplet: one class only, or no class with two samples
   */
  constructor(labels: Int32Array) {
    const classes = labels.reduce((most, label) => Math.max(most, label + 1), 0);
    const starts = new Int32Array(classes + 1);
    for (const label of labels) starts[label + 1]! += 1;
    for (let label = 0; label < classes; label++) starts[label + 1]! += starts[label]!;
    const at = starts.slice();
    this.#order = new Int32Array(labels.length);
    for (const [sample, label] of labels.entries()) this.#order[at[label]!++] = sample;
    this.#labels = labels;
    this.#starts = starts;
    const sizeOf = (label: number): number => starts[label + 1]! - starts[label]!;
    this.#anchors = Int32Array.from(labels.keys()).filter((sample) => sizeOf(labels[sample]!) > 1);
    if (this.#anchors.length === 0) throw new RangeError('no class has two samples: there is no positive');
    if (labels.every((label) => label === labels[0]))
      throw new RangeError('there is one class only: there is no negative');
  }

  /** Writes anchor, positive and negative to `target` from `at`. */
  draw(random: Random, target: Int32Array, at: number): void {
    const anchor = this.#anchors[random.below(this.#anchors.length)]!;
    const label = this.#labels[anchor]!;
    const [first, end] = [this.#starts[label]!, this.#starts[label + 1]!];
    // The others of a class are its samples without the anchor: the last stands in for it.
    const other = this.#order[first + random.below(end - first - 1)]!;
    const outside = random.below(this.#order.length - (end - first));
    target[at] = anchor;
    target[at + 1] = other === anchor ? this.#order[end - 1]! : other;
    target[at + 2] = this.#order[outside < first ? outside : outside + end - first]!;
  }
}
