import { UserError } from '#shared/rpc/errors.ts';
import type { EmbeddingSource, Evaluation, Protocol, Score, Scores } from '#shared/domain/evaluation.ts';
import type { PartName } from '#shared/domain/split.ts';
import type { Catalog } from '../catalog.ts';
import { changedSince } from '../journal/changed-since.ts';
import { newId } from '../new-id.ts';
import { bytesToHex, hexToBytes } from '../packed.ts';

export interface EvaluationRecord {
  readonly id: string;
  readonly embedding: string;
  readonly dataset: number;
  readonly split: string;
  readonly part: PartName;
  readonly run: string | null;
  readonly source: string;
  readonly title: string;
  readonly protocol: string;
  readonly scores: string;
  readonly queries: number;
  readonly classes: number;
  readonly excluded_queries: number;
  readonly seen_classes: number;
  readonly zero_shot: string | null;
  readonly difference: string | null;
  readonly file: Uint8Array;
  readonly created_at: number;
}

export interface NewEvaluation {
  readonly embedding: string;
  readonly dataset: number;
  readonly split: string;
  readonly part: string;
  readonly run: string | null;
  readonly source: EmbeddingSource;
  readonly title: string;
  readonly protocol: Protocol;
  readonly scores: Scores;
  readonly queries: number;
  readonly classes: number;
  readonly excludedQueries: number;
  readonly seenClasses: boolean;
  readonly zeroShot: string | null;
  readonly difference: Score | null;
  /** Content hash of the per-query file. */
  readonly file: string;
  readonly at: number;
}

export class EvaluationRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  insert(evaluation: NewEvaluation): EvaluationRecord {
    const id = newId('eval');
    this.#catalog
      .sql(
        `INSERT INTO evaluations (id, embedding, dataset, split, part, run, source, title, protocol, scores, queries, classes,
           excluded_queries, seen_classes, zero_shot, difference, file, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        evaluation.embedding,
        evaluation.dataset,
        evaluation.split,
        evaluation.part,
        evaluation.run,
        JSON.stringify(evaluation.source),
        evaluation.title,
        JSON.stringify(evaluation.protocol),
        JSON.stringify(evaluation.scores),
        evaluation.queries,
        evaluation.classes,
        evaluation.excludedQueries,
        evaluation.seenClasses ? 1 : 0,
        evaluation.zeroShot,
        evaluation.difference === null ? null : JSON.stringify(evaluation.difference),
        hexToBytes(evaluation.file),
        evaluation.at,
      );
    return this.require(id);
  }

  /** @throws UserError not-found */
  require(id: string): EvaluationRecord {
    const found = this.#catalog.sql<EvaluationRecord>(`SELECT * FROM evaluations WHERE id = ?`).get(id);
    if (found === undefined)
      throw new UserError('not-found', `There is no evaluation ${id}. Evaluate a run first.`);
    return found;
  }

  /** Newest first. */
  list(by: { dataset?: number; run?: string }): EvaluationRecord[] {
    const order = 'ORDER BY created_at DESC, rowid DESC';
    if (by.run !== undefined)
      return this.#catalog
        .sql<EvaluationRecord>(`SELECT * FROM evaluations WHERE run = ? ${order}`)
        .all(by.run);
    if (by.dataset !== undefined)
      return this.#catalog
        .sql<EvaluationRecord>(`SELECT * FROM evaluations WHERE dataset = ? ${order}`)
        .all(by.dataset);
    return this.#catalog.sql<EvaluationRecord>(`SELECT * FROM evaluations ${order}`).all();
  }

  remove(id: string): void {
    this.#catalog.sql(`DELETE FROM evaluations WHERE id = ?`).run(id);
  }

  fileOf(evaluation: EvaluationRecord): string {
    return bytesToHex(evaluation.file);
  }

  toEvaluation(row: EvaluationRecord): Evaluation {
    const seen = this.#catalog
      .sql<{ datasetId: string; seenRevision: number }>(
        `SELECT d.id AS datasetId, e.dataset_revision AS seenRevision
         FROM datasets d, embeddings e WHERE d.key = ? AND e.id = ?`,
      )
      .get(row.dataset, row.embedding)!;
    const baseline =
      row.zero_shot === null || row.difference === null
        ? undefined
        : this.#catalog
            .sql<{ id: string; scores: string }>(`SELECT id, scores FROM evaluations WHERE id = ?`)
            .get(row.zero_shot);
    return {
      id: row.id,
      embeddingId: row.embedding,
      datasetId: seen.datasetId,
      splitId: row.split,
      part: row.part,
      source: JSON.parse(row.source) as EmbeddingSource,
      title: row.title,
      protocol: JSON.parse(row.protocol) as Protocol,
      queries: row.queries,
      classes: row.classes,
      excludedQueries: row.excluded_queries,
      scores: JSON.parse(row.scores) as Scores,
      seenClasses: row.seen_classes === 1,
      stale: changedSince(this.#catalog, row.dataset, seen.seenRevision),
      zeroShot:
        baseline === undefined
          ? null
          : {
              evaluationId: baseline.id,
              scores: JSON.parse(baseline.scores) as Scores,
              differenceRecallAt1: JSON.parse(row.difference!) as Score,
            },
      createdAt: row.created_at,
    };
  }
}
