import type { WeightArray, Weights } from '../models/weights.ts';

const SUMS = 'epoch/classLossSums';
const COUNTS = 'epoch/classLossCounts';

export interface ClassLoss {
  readonly label: number;
  /** Mean over the epoch's samples of the class. */
  readonly loss: number;
}

/** The samples' losses of an epoch, class by class. */
export class ClassLosses {
  readonly #sums: Float32Array;
  readonly #counts: Float32Array;

  constructor(classes: number) {
    this.#sums = new Float32Array(classes);
    this.#counts = new Float32Array(classes);
  }

  add(labels: Int32Array, perSample: Float32Array): void {
    for (const [i, label] of labels.entries()) {
      this.#sums[label] = (this.#sums[label] as number) + (perSample[i] as number);
      this.#counts[label] = (this.#counts[label] as number) + 1;
    }
  }

  /** The classes that were seen, highest loss first. */
  ranked(): ClassLoss[] {
    return [...this.#counts.entries()]
      .filter(([, count]) => count > 0)
      .map(([label, count]) => ({ label, loss: (this.#sums[label] as number) / count }))
      .sort((a, b) => b.loss - a.loss || a.label - b.label);
  }

  reset(): void {
    this.#sums.fill(0);
    this.#counts.fill(0);
  }

  /** For a checkpoint inside an epoch; nothing where nothing was added. */
  arrays(): Map<string, WeightArray> {
    if (!this.#counts.some((count) => count > 0)) return new Map();
    const shape = [this.#sums.length];
    return new Map([
      [SUMS, { shape, data: this.#sums.slice() }],
      [COUNTS, { shape, data: this.#counts.slice() }],
    ]);
  }

  restore(arrays: Weights): void {
    this.reset();
    const [sums, counts] = [arrays.get(SUMS), arrays.get(COUNTS)];
    if (sums?.data.length !== this.#sums.length || !counts) return;
    this.#sums.set(sums.data);
    this.#counts.set(counts.data);
  }
}
