import { UserError } from '#shared/rpc/errors.ts';
import type { DuplicateGroup } from '#shared/domain/dataset.ts';
import type { LeakCount, PartName, SplitKind, SplitSummary } from '#shared/domain/split.ts';
import type { Catalog } from '../catalog.ts';
import { changedSince } from '../journal/changed-since.ts';
import { freeName } from '../free-name.ts';
import { newId } from '../new-id.ts';
import { bytesToHex, hexToBytes, packInt32 } from '../packed.ts';

export interface SplitRecord {
  readonly id: string;
  readonly dataset: number;
  readonly dataset_revision: number;
  readonly name: string;
  readonly kind: SplitKind;
  readonly seed: number;
  readonly hash: Uint8Array;
  readonly settings: string;
  readonly leaks: string;
  readonly created_at: number;
}

export interface NewPart {
  readonly part: PartName;
  /** [images], ascending. */
  readonly imageIds: Int32Array;
  /** [images] */
  readonly classIds: Int32Array;
}

export interface FoundLeak {
  readonly kind: DuplicateGroup['kind'];
  readonly distance: number;
  readonly from: PartName;
  readonly to: PartName;
  readonly a: number;
  readonly b: number;
}

export interface NewSplit {
  readonly dataset: number;
  readonly datasetRevision: number;
  readonly name: string;
  readonly kind: SplitKind;
  readonly seed: number;
  readonly hash: string;
  readonly settings: unknown;
  readonly parts: readonly NewPart[];
  readonly leaks: readonly FoundLeak[];
  readonly leakCounts: readonly LeakCount[];
  readonly at: number;
}

type PartCounts = SplitSummary['train'];
const NO_PART: PartCounts = { classes: 0, images: 0 };

export class SplitRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  insert(split: NewSplit): SplitRecord {
    const id = newId('split');
    const name = freeName(split.name, (taken) => this.#inDataset(taken, split.dataset) !== undefined);
    this.#catalog.write(() => {
      this.#catalog
        .sql(
          `INSERT INTO splits (id, dataset, dataset_revision, name, kind, seed, hash, settings, leaks, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          split.dataset,
          split.datasetRevision,
          name,
          split.kind,
          split.seed,
          hexToBytes(split.hash),
          JSON.stringify(split.settings),
          JSON.stringify(split.leakCounts),
          split.at,
        );
      const part = this.#catalog.sql(
        `INSERT INTO split_parts (split, part, images, classes, image_ids, class_ids) VALUES (?, ?, ?, ?, ?, ?)`,
      );
      for (const { part: partName, imageIds, classIds } of split.parts)
        part.run(
          id,
          partName,
          imageIds.length,
          new Set(classIds).size,
          packInt32(imageIds),
          packInt32(classIds),
        );
      const leak = this.#catalog.sql(
        `INSERT INTO split_leaks (split, seq, kind, distance, from_part, to_part, a, b) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      split.leaks.forEach((l, seq) => leak.run(id, seq, l.kind, l.distance, l.from, l.to, l.a, l.b));
    });
    return this.find(id)!;
  }

  find(ref: string, dataset?: number): SplitRecord | undefined {
    const byId = this.#catalog.sql<SplitRecord>(`SELECT * FROM splits WHERE id = ?`).get(ref);
    if (byId !== undefined) return byId;
    if (dataset !== undefined) return this.#inDataset(ref, dataset);
    return this.#catalog
      .sql<SplitRecord>(`SELECT * FROM splits WHERE name = ? ORDER BY created_at DESC LIMIT 1`)
      .get(ref);
  }

  /** @throws UserError not-found, conflict when datasets share the name and none is given */
  require(ref: string, dataset?: number): SplitRecord {
    const found = this.find(ref, dataset);
    if (found === undefined) {
      const names = this.list(dataset).map((split) => `"${split.name}"`);
      const next = names.length === 0 ? 'Make one first.' : `There is ${names.slice(0, 8).join(', ')}.`;
      throw new UserError('not-found', `There is no split "${ref}" here. ${next}`);
    }
    if (dataset !== undefined && found.dataset !== dataset)
      throw new UserError('not-found', `The split "${ref}" belongs to another dataset.`);
    return found;
  }

  list(dataset?: number): SplitRecord[] {
    return dataset === undefined
      ? this.#catalog.sql<SplitRecord>(`SELECT * FROM splits ORDER BY created_at DESC, id`).all()
      : this.#catalog
          .sql<SplitRecord>(`SELECT * FROM splits WHERE dataset = ? ORDER BY created_at DESC, id`)
          .all(dataset);
  }

  /** @throws UserError conflict while a run, an embedding or an evaluation names it */
  remove(split: SplitRecord): void {
    const users = this.#catalog
      .sql<{ name: string }>(`SELECT name FROM runs WHERE split = ? ORDER BY created_at LIMIT 1`)
      .get(split.id);
    if (users !== undefined)
      throw new UserError(
        'conflict',
        `The split "${split.name}" is used by the run "${users.name}". Remove that run first.`,
      );
    this.#catalog.write(() => {
      this.#catalog.sql(`DELETE FROM evaluations WHERE split = ?`).run(split.id);
      this.#catalog.sql(`DELETE FROM embeddings WHERE split = ?`).run(split.id);
      this.#catalog.sql(`DELETE FROM splits WHERE id = ?`).run(split.id);
    });
  }

  partCounts(splitId: string): Map<string, PartCounts> {
    const rows = this.#catalog
      .sql<PartCounts & { part: string }>(`SELECT part, classes, images FROM split_parts WHERE split = ?`)
      .all(splitId);
    return new Map(rows.map(({ part, classes, images }) => [part, { classes, images }]));
  }

  leaks(splitId: string, offset: number, limit: number): { total: number; rows: FoundLeak[] } {
    const total = this.#catalog
      .sql<{ n: number }>(`SELECT count(*) AS n FROM split_leaks WHERE split = ?`)
      .get(splitId)!.n;
    const rows = this.#catalog
      .sql<FoundLeak>(
        `SELECT kind, distance, from_part AS "from", to_part AS "to", a, b FROM split_leaks
         WHERE split = ? ORDER BY seq LIMIT ? OFFSET ?`,
      )
      .all(splitId, limit, offset);
    return { total, rows };
  }

  summary(split: SplitRecord): SplitSummary {
    const parts = this.partCounts(split.id);
    const dataset = this.#catalog
      .sql<{ id: string }>(`SELECT id FROM datasets WHERE key = ?`)
      .get(split.dataset)!;
    return {
      id: split.id,
      name: split.name,
      datasetId: dataset.id,
      datasetRevision: split.dataset_revision,
      stale: changedSince(this.#catalog, split.dataset, split.dataset_revision),
      kind: split.kind,
      seed: split.seed,
      hash: bytesToHex(split.hash),
      train: parts.get('train') ?? NO_PART,
      validation: parts.get('validation') ?? NO_PART,
      test: parts.get('test') ?? NO_PART,
      leaks: JSON.parse(split.leaks) as LeakCount[],
      createdAt: split.created_at,
    };
  }

  #inDataset(name: string, dataset: number): SplitRecord | undefined {
    return this.#catalog
      .sql<SplitRecord>(`SELECT * FROM splits WHERE dataset = ? AND name = ?`)
      .get(dataset, name);
  }
}
