import type { RunPoint } from '#shared/domain/run.ts';
import type { Catalog } from '../catalog.ts';

export class RunPointRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Appends points. @returns the last sequence number */
  append(run: string, points: readonly Omit<RunPoint, 'seq'>[]): number {
    return this.#catalog.write(() => {
      let seq = this.lastSeq(run);
      const insert = this.#catalog.sql(
        `INSERT INTO run_points (run, seq, step, epoch, measured) VALUES (?, ?, ?, ?, ?)`,
      );
      for (const point of points)
        insert.run(run, ++seq, point.step, point.epoch, JSON.stringify(point.values));
      return seq;
    });
  }

  lastSeq(run: string): number {
    return (
      this.#catalog
        .sql<{ seq: number | null }>(`SELECT max(seq) AS seq FROM run_points WHERE run = ?`)
        .get(run)!.seq ?? 0
    );
  }

  /** Forgets points beyond a step: a run that goes on from there measures them again. */
  dropAfter(run: string, step: number): void {
    this.#catalog.sql(`DELETE FROM run_points WHERE run = ? AND step > ?`).run(run, step);
  }

  /** Points after `since`, in order. */
  list(run: string, since: number, limit: number): RunPoint[] {
    return this.#catalog
      .sql<{ seq: number; step: number; epoch: number; measured: string }>(
        `SELECT seq, step, epoch, measured FROM run_points WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?`,
      )
      .all(run, since, limit)
      .map(({ seq, step, epoch, measured }) => ({
        seq,
        step,
        epoch,
        values: JSON.parse(measured) as Record<string, number>,
      }));
  }
}
