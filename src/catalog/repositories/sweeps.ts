import { UserError } from '#shared/rpc/errors.ts';
import type { Catalog } from '../catalog.ts';
import { freeName } from '../free-name.ts';
import { newId } from '../new-id.ts';
import type { RunRecord } from './runs.ts';

export interface SweepRecord {
  readonly id: string;
  readonly dataset: number;
  readonly split: string;
  readonly name: string;
  /** JSON of the request that it was started with. */
  readonly request: string;
  readonly created_at: number;
}

export class SweepRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  insert(sweep: Omit<SweepRecord, 'id' | 'created_at'> & { readonly at: number }): SweepRecord {
    const id = newId('sweep');
    const name = freeName(sweep.name, (taken) => this.find(taken) !== undefined);
    this.#catalog
      .sql(`INSERT INTO sweeps (id, dataset, split, name, request, created_at) VALUES (?, ?, ?, ?, ?, ?)`)
      .run(id, sweep.dataset, sweep.split, name, sweep.request, sweep.at);
    return this.find(id)!;
  }

  find(ref: string): SweepRecord | undefined {
    return (
      this.#catalog.sql<SweepRecord>(`SELECT * FROM sweeps WHERE id = ?`).get(ref) ??
      this.#catalog.sql<SweepRecord>(`SELECT * FROM sweeps WHERE name = ?`).get(ref)
    );
  }

  /** @throws UserError not-found */
  require(ref: string): SweepRecord {
    const found = this.find(ref);
    if (found !== undefined) return found;
    const names = this.list().map((sweep) => `"${sweep.name}"`);
    const next = names.length === 0 ? 'Start one first.' : `There is ${names.slice(0, 8).join(', ')}.`;
    throw new UserError('not-found', `There is no sweep "${ref}". ${next}`);
  }

  /** Newest first. */
  list(dataset?: number): SweepRecord[] {
    return dataset === undefined
      ? this.#catalog.sql<SweepRecord>(`SELECT * FROM sweeps ORDER BY created_at DESC, rowid DESC`).all()
      : this.#catalog
          .sql<SweepRecord>(`SELECT * FROM sweeps WHERE dataset = ? ORDER BY created_at DESC, rowid DESC`)
          .all(dataset);
  }

  /** The sweep's runs in the order of their start. */
  runs(id: string): RunRecord[] {
    return this.#catalog.sql<RunRecord>(`SELECT * FROM runs WHERE sweep = ? ORDER BY rowid`).all(id);
  }

  /** Of a sweep that has no runs any more. */
  removeEmpty(): void {
    this.#catalog
      .sql(`DELETE FROM sweeps WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.sweep = sweeps.id)`)
      .run();
  }
}
