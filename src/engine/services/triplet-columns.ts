import type { Catalog } from '#catalog/catalog.ts';
import { withArrays } from './stored-array.ts';

export type TripletSort = 'hardness' | 'anchor-positive' | 'anchor-negative' | 'row';

/** Minings whose columns stay in memory: 28 bytes a triplet, so a mining of 60,000 takes under 2 MB. */
const KEPT = 3;

/** The columns of a mining's file, and its rows in the orders and classes that were asked for. */
export class TripletColumns {
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
  readonly anchorPositive: Float32Array;
  readonly anchorNegative: Float32Array;
  readonly positiveRanks: Int32Array;
  readonly negativeRanks: Int32Array;
  readonly #orders = new Map<TripletSort, Int32Array>();
  #classes: { readonly revision: number; readonly ids: Int32Array } | null = null;

  constructor(ints: readonly Int32Array[], floats: readonly Float32Array[]) {
    this.anchors = ints[0]!;
    this.positives = ints[1]!;
    this.negatives = ints[2]!;
    this.positiveRanks = ints[3]!;
    this.negativeRanks = ints[4]!;
    this.anchorPositive = floats[0]!;
    this.anchorNegative = floats[1]!;
  }

  /** Rows in an order; sorted once. Rows lie hardest first in the file, and equal distances keep that order. */
  order(sort: TripletSort): Int32Array {
    let order = this.#orders.get(sort);
    if (order === undefined) {
      order = Int32Array.from(this.anchors, (_, row) => row);
      const { anchorPositive: ap, anchorNegative: an } = this;
      if (sort === 'anchor-positive') order.sort((a, b) => ap[b]! - ap[a]! || a - b);
      if (sort === 'anchor-negative') order.sort((a, b) => an[a]! - an[b]! || a - b);
      this.#orders.set(sort, order);
    }
    return order;
  }

  /** [rows], the anchors' class ids: one query for each revision of the dataset. */
  classes(catalog: Catalog, revision: number): Int32Array {
    if (this.#classes?.revision !== revision) {
      const rows = catalog
        .sql<[number, number]>(`SELECT id, class_id FROM images WHERE id IN (SELECT value FROM json_each(?))`)
        .raw()
        .all(JSON.stringify([...new Set(this.anchors)]));
      const classOf = new Map(rows);
      this.#classes = { revision, ids: this.anchors.map((anchor) => classOf.get(anchor) ?? -1) };
    }
    return this.#classes.ids;
  }
}

/** Columns of the minings that were looked at last, so that a page costs its own rows. */
export class TripletColumnCache {
  readonly #catalog: Catalog;
  readonly #columns = new Map<string, Promise<TripletColumns>>();

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** `file` is the content hash of the mining's file, which never changes. */
  get(file: string): Promise<TripletColumns> {
    const columns = this.#columns.get(file) ?? this.#read(file);
    this.#columns.delete(file);
    this.#columns.set(file, columns);
    for (const oldest of this.#columns.keys()) {
      if (this.#columns.size <= KEPT) break;
      this.#columns.delete(oldest);
    }
    // A file that could not be read is tried again.
    columns.catch(() => this.#columns.delete(file));
    return columns;
  }

  #read(hash: string): Promise<TripletColumns> {
    return withArrays(this.#catalog, hash, async (file) => {
      const ints = ['anchor', 'positive', 'negative', 'positiveRank', 'negativeRank'];
      return new TripletColumns(
        await Promise.all(ints.map((name) => file.ints(name))),
        await Promise.all(['anchorPositive', 'anchorNegative'].map((name) => file.floats(name))),
      );
    });
  }
}
