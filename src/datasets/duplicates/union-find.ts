/** Joins items into groups; the smaller group is hung under the larger. */
export class UnionFind {
  readonly #parents: Int32Array;
  readonly #sizes: Int32Array;

  constructor(count: number) {
    this.#parents = Int32Array.from({ length: count }, (_, i) => i);
    this.#sizes = new Int32Array(count).fill(1);
  }

  /** The item that stands for the group of `item`. */
  find(item: number): number {
    let root = item;
    while (this.#parents[root] !== root) root = this.#parents[root] as number;
    while (this.#parents[item] !== root) {
      const next = this.#parents[item] as number;
      this.#parents[item] = root;
      item = next;
    }
    return root;
  }

  join(a: number, b: number): void {
    let large = this.find(a);
    let small = this.find(b);
    if (large === small) return;
    if ((this.#sizes[large] as number) < (this.#sizes[small] as number)) [large, small] = [small, large];
    this.#parents[small] = large;
    this.#sizes[large] = (this.#sizes[large] as number) + (this.#sizes[small] as number);
  }

  /** Groups of two and more, members ascending, in the order of their first members. */
  groups(): number[][] {
    const members = new Map<number, number[]>();
    for (let item = 0; item < this.#parents.length; item++) {
      if (this.#sizes[this.find(item)] === 1) continue;
      const root = this.find(item);
      const group = members.get(root);
      if (group) group.push(item);
      else members.set(root, [item]);
    }
    return [...members.values()];
  }
}
