import { UserError } from '#shared/rpc/errors.ts';
import type { Failure, Job, JobKind, JobProgress, JobStatus, LogLine } from '#shared/domain/job.ts';
import type { Catalog } from '../catalog.ts';
import { newId } from '../new-id.ts';

interface JobRecord {
  readonly id: string;
  readonly kind: JobKind;
  readonly title: string;
  readonly status: JobStatus;
  readonly progress: string | null;
  readonly subject: string | null;
  readonly request: string;
  readonly result: string | null;
  readonly error: string | null;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
}

export interface JobChange {
  readonly status?: JobStatus;
  readonly progress?: JobProgress | null;
  readonly result?: unknown;
  readonly error?: Failure | null;
  readonly startedAt?: number | null;
  readonly endedAt?: number | null;
}

/** A job keeps at most this many lines of its log. */
const LOG_LINES = 5000;

export class JobRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** As `Catalog.afterCommit`: a change of a job is told when it is written. */
  afterCommit(tell: () => void): void {
    this.#catalog.afterCommit(tell);
  }

  /** `request` is everything that is needed to do the job again after a restart. */
  insert(job: { kind: JobKind; title: string; subject: string | null; request: unknown; at: number }): Job {
    const id = newId('job');
    this.#catalog
      .sql(
        `INSERT INTO jobs (id, kind, title, status, subject, request, created_at) VALUES (?, ?, ?, 'queued', ?, ?, ?)`,
      )
      .run(id, job.kind, job.title, job.subject, JSON.stringify(job.request), job.at);
    return this.require(id);
  }

  update(id: string, change: JobChange): Job {
    const set = (column: string, value: unknown): void => {
      this.#catalog.sql(`UPDATE jobs SET ${column} = ? WHERE id = ?`).run(value, id);
    };
    const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));
    this.#catalog.write(() => {
      if (change.status !== undefined) set('status', change.status);
      if (change.progress !== undefined) set('progress', json(change.progress));
      if (change.result !== undefined) set('result', json(change.result));
      if (change.error !== undefined) set('error', json(change.error));
      if (change.startedAt !== undefined) set('started_at', change.startedAt);
      if (change.endedAt !== undefined) set('ended_at', change.endedAt);
    });
    return this.require(id);
  }

  /** @throws UserError not-found */
  require(id: string): Job {
    const row = this.#catalog.sql<JobRecord>(`SELECT * FROM jobs WHERE id = ?`).get(id);
    if (row === undefined)
      throw new UserError('not-found', `There is no job ${id}. "plumage jobs list" shows them.`);
    return toJob(row);
  }

  request(id: string): unknown {
    const row = this.#catalog.sql<{ request: string }>(`SELECT request FROM jobs WHERE id = ?`).get(id);
    return row === undefined ? undefined : JSON.parse(row.request);
  }

  /** Newest first. */
  list(limit: number): Job[] {
    return this.#catalog
      .sql<JobRecord>(`SELECT * FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT ?`)
      .all(limit)
      .map(toJob);
  }

  /** Queued, running and paused jobs, oldest first. */
  active(): Job[] {
    return this.#catalog
      .sql<JobRecord>(
        `SELECT * FROM jobs WHERE status IN ('queued', 'running', 'paused') ORDER BY created_at, rowid`,
      )
      .all()
      .map(toJob);
  }

  remove(id: string): void {
    this.#catalog.sql(`DELETE FROM jobs WHERE id = ?`).run(id);
  }

  appendLog(id: string, lines: readonly LogLine[]): void {
    this.#catalog.write(() => {
      const last = this.#catalog
        .sql<{ seq: number | null }>(`SELECT max(seq) AS seq FROM job_log WHERE job = ?`)
        .get(id)!.seq;
      const insert = this.#catalog.sql(
        `INSERT INTO job_log (job, seq, at, level, message) VALUES (?, ?, ?, ?, ?)`,
      );
      let seq = last ?? 0;
      for (const { at, level, message } of lines) insert.run(id, ++seq, at, level, message);
      if (seq > LOG_LINES)
        this.#catalog.sql(`DELETE FROM job_log WHERE job = ? AND seq <= ?`).run(id, seq - LOG_LINES);
    });
  }

  /** The last lines, oldest of them first. */
  log(id: string, limit: number): LogLine[] {
    return this.#catalog
      .sql<LogLine>(`SELECT at, level, message FROM job_log WHERE job = ? ORDER BY seq DESC LIMIT ?`)
      .all(id, limit)
      .reverse();
  }
}

function toJob(row: JobRecord): Job {
  const parse = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    status: row.status,
    progress: parse<JobProgress>(row.progress),
    subject: row.subject,
    result: parse<unknown>(row.result),
    error: parse<Failure>(row.error),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}
