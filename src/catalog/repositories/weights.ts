import { UserError } from '#shared/rpc/errors.ts';
import type { WeightFormat } from '#shared/domain/weights.ts';
import type { Catalog } from '../catalog.ts';
import { freeName } from '../free-name.ts';
import { newId } from '../new-id.ts';
import { bytesToHex, hexToBytes } from '../packed.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly backbone: string;
  readonly file: Uint8Array;
  readonly bytes: number;
  readonly format: WeightFormat;
  readonly source: string;
  readonly licence: string | null;
  readonly matched: number;
  readonly filled: number;
  readonly left_out: number;
  readonly unexpected: number;
  readonly notes: string;
  readonly created_at: number;
}

/** Imported weights as they are kept. */
export interface WeightsRecord {
  readonly id: string;
  readonly name: string;
  readonly backbone: string;
  /** Content hash. */
  readonly file: string;
  readonly bytes: number;
  readonly format: WeightFormat;
  readonly source: string;
  readonly licence: string | null;
  readonly matched: number;
  readonly filled: number;
  readonly leftOut: number;
  readonly unexpected: number;
  readonly notes: string[];
  readonly createdAt: number;
}

export class WeightsRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** A taken name gets a number. */
  insert(weights: Omit<WeightsRecord, 'id'>): WeightsRecord {
    const id = newId('wts');
    const name = freeName(weights.name, (taken) => this.find(taken) !== undefined);
    const { backbone, file, bytes, format, source, licence, matched, filled, leftOut, unexpected } = weights;
    this.#catalog.write(() =>
      this.#catalog
        .sql(
          `INSERT INTO weights (id, name, backbone, file, bytes, format, source, licence, matched, filled, left_out, unexpected, notes, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          name,
          backbone,
          hexToBytes(file),
          bytes,
          format,
          source,
          licence,
          matched,
          filled,
          leftOut,
          unexpected,
          JSON.stringify(weights.notes),
          weights.createdAt,
        ),
    );
    return this.find(id)!;
  }

  find(ref: string): WeightsRecord | undefined {
    const row =
      this.#catalog.sql<Row>(`SELECT * FROM weights WHERE id = ?`).get(ref) ??
      this.#catalog.sql<Row>(`SELECT * FROM weights WHERE name = ?`).get(ref);
    return row && recordOf(row);
  }

  /** @throws UserError not-found */
  require(ref: string): WeightsRecord {
    const found = this.find(ref);
    if (found !== undefined) return found;
    const names = this.list().map((weights) => `"${weights.name}"`);
    const next = names.length === 0 ? 'None are imported yet.' : `There is ${names.slice(0, 8).join(', ')}.`;
    throw new UserError('not-found', `There are no imported weights "${ref}". ${next}`);
  }

  /** Newest first. */
  list(): WeightsRecord[] {
    const rows = this.#catalog.sql<Row>(`SELECT * FROM weights ORDER BY created_at DESC, rowid DESC`).all();
    return rows.map(recordOf);
  }

  newestOf(backbone: string): WeightsRecord | undefined {
    return this.list().find((weights) => weights.backbone === backbone);
  }

  remove(id: string): void {
    this.#catalog.sql(`DELETE FROM weights WHERE id = ?`).run(id);
  }
}

const recordOf = ({ file, left_out: leftOut, notes, created_at: createdAt, ...row }: Row): WeightsRecord => ({
  ...row,
  file: bytesToHex(file),
  leftOut,
  notes: JSON.parse(notes) as string[],
  createdAt,
});
