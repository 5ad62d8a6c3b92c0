import { UserError } from '#shared/rpc/errors.ts';
import type { MiningRule, Refresh } from '#shared/domain/triplet.ts';
import type { Verdict } from '#shared/domain/dataset.ts';
import type { Catalog } from '../catalog.ts';
import { changedSince } from '../journal/changed-since.ts';
import { newId } from '../new-id.ts';
import { bytesToHex, hexToBytes } from '../packed.ts';

export interface RefreshRecord {
  readonly id: string;
  readonly dataset: number;
  readonly dataset_revision: number;
  readonly embedding: string | null;
  readonly run: string | null;
  readonly title: string;
  readonly rule: MiningRule;
  readonly part: string;
  readonly step: number | null;
  readonly margin: number;
  readonly triplets: number;
  readonly anchors_without: number;
  readonly recall_of_index: number;
  readonly active_share: number;
  readonly histogram: string;
  readonly file: Uint8Array;
  readonly created_at: number;
}

export interface NewRefresh {
  readonly dataset: number;
  readonly datasetRevision: number;
  readonly embedding: string | null;
  readonly run: string | null;
  readonly title: string;
  readonly rule: MiningRule;
  readonly part: string;
  readonly step: number | null;
  readonly margin: number;
  readonly triplets: number;
  readonly anchorsWithout: number;
  readonly recallOfIndex: number;
  readonly activeShare: number;
  readonly histogram: Refresh['histogram'];
  readonly file: string;
  readonly at: number;
}

export class RefreshRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  insert(refresh: NewRefresh): RefreshRecord {
    const id = newId('mine');
    this.#catalog
      .sql(
        `INSERT INTO refreshes (id, dataset, dataset_revision, embedding, run, title, rule, part, step, margin, triplets,
           anchors_without, recall_of_index, active_share, histogram, file, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        refresh.dataset,
        refresh.datasetRevision,
        refresh.embedding,
        refresh.run,
        refresh.title,
        refresh.rule,
        refresh.part,
        refresh.step,
        refresh.margin,
        refresh.triplets,
        refresh.anchorsWithout,
        refresh.recallOfIndex,
        refresh.activeShare,
        JSON.stringify(refresh.histogram),
        hexToBytes(refresh.file),
        refresh.at,
      );
    return this.require(id);
  }

  /** The same triplets of the same vectors, kept at `since` or later. */
  findEqual(refresh: NewRefresh, since: number): RefreshRecord | undefined {
    const { embedding, run, rule, part, margin, file } = refresh;
    return this.#catalog
      .sql<RefreshRecord>(
        `SELECT * FROM refreshes WHERE embedding IS ? AND run IS ? AND rule = ? AND part = ? AND margin = ? AND file = ?
           AND created_at >= ? ORDER BY created_at LIMIT 1`,
      )
      .get(embedding, run, rule, part, margin, hexToBytes(file), since);
  }

  /**
   * Removes what a run mined while it trained (such refreshes are of no kept embedding) but the newest; one with
   * verdicts stays.
   * @returns the files of those that went
   */
  trimOfTraining(run: string, kept: number): string[] {
    return this.#catalog
      .sql<{ file: Uint8Array }>(
        `DELETE FROM refreshes WHERE run = @run AND embedding IS NULL
           AND NOT EXISTS (SELECT 1 FROM verdicts WHERE refresh = refreshes.id)
           AND id NOT IN (SELECT id FROM refreshes WHERE run = @run AND embedding IS NULL
                            ORDER BY created_at DESC, rowid DESC LIMIT @kept)
         RETURNING file`,
      )
      .all({ run, kept })
      .map((row) => bytesToHex(row.file));
  }

  /** @throws UserError not-found */
  require(id: string): RefreshRecord {
    const found = this.#catalog.sql<RefreshRecord>(`SELECT * FROM refreshes WHERE id = ?`).get(id);
    if (found === undefined)
      throw new UserError('not-found', `There is no mining ${id}. Mine a run's triplets first.`);
    return found;
  }

  /** Newest first. */
  list(by: { dataset?: number; run?: string }): RefreshRecord[] {
    const order = 'ORDER BY created_at DESC, rowid DESC';
    if (by.run !== undefined)
      return this.#catalog.sql<RefreshRecord>(`SELECT * FROM refreshes WHERE run = ? ${order}`).all(by.run);
    if (by.dataset !== undefined)
      return this.#catalog
        .sql<RefreshRecord>(`SELECT * FROM refreshes WHERE dataset = ? ${order}`)
        .all(by.dataset);
    return this.#catalog.sql<RefreshRecord>(`SELECT * FROM refreshes ${order}`).all();
  }

  /** Verdicts by row of the refresh. */
  verdicts(id: string): Map<number, Verdict> {
    const rows = this.#catalog
      .sql<{ triplet: number; verdict: Verdict }>(`SELECT triplet, verdict FROM verdicts WHERE refresh = ?`)
      .all(id);
    return new Map(rows.map((row) => [row.triplet, row.verdict]));
  }

  fileOf(refresh: RefreshRecord): string {
    return bytesToHex(refresh.file);
  }

  toRefresh(row: RefreshRecord): Refresh {
    const dataset = this.#catalog
      .sql<{ id: string }>(`SELECT id FROM datasets WHERE key = ?`)
      .get(row.dataset)!;
    return {
      id: row.id,
      runId: row.run,
      datasetId: dataset.id,
      title: row.title,
      rule: row.rule,
      part: row.part,
      step: row.step,
      triplets: row.triplets,
      anchorsWithout: row.anchors_without,
      recallOfIndex: row.recall_of_index,
      margin: row.margin,
      activeShare: row.active_share,
      histogram: JSON.parse(row.histogram) as Refresh['histogram'],
      stale: changedSince(this.#catalog, row.dataset, row.dataset_revision),
      createdAt: row.created_at,
    };
  }
}
