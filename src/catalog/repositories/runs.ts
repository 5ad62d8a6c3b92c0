import { UserError } from '#shared/rpc/errors.ts';
import type { Failure } from '#shared/domain/job.ts';
import type { Run, RunStatus } from '#shared/domain/run.ts';
import type { Catalog } from '../catalog.ts';
import { changedSince } from '../journal/changed-since.ts';
import { freeName } from '../free-name.ts';
import { newId } from '../new-id.ts';
import { CheckpointRepository } from './checkpoints.ts';

export interface RunRecord {
  readonly id: string;
  readonly dataset: number;
  readonly dataset_revision: number;
  readonly split: string;
  readonly name: string;
  readonly method: string;
  readonly backend: string;
  readonly config: string;
  readonly facts: string;
  readonly status: RunStatus;
  readonly job: string | null;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly final_loss: number | null;
  readonly best_validation: number | null;
  readonly error: string | null;
  readonly seconds: number;
  readonly created_at: number;
  /** The search that it is a trial of, and JSON of what it gave to the search's axes. */
  readonly sweep: string | null;
  readonly trial: string | null;
}

export interface NewRun {
  readonly dataset: number;
  readonly datasetRevision: number;
  readonly split: string;
  readonly name: string;
  readonly method: string;
  readonly backend: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly epochs: number;
  readonly at: number;
  readonly sweep?: string;
  readonly trial?: string;
}

export interface RunChange {
  readonly name?: string;
  readonly status?: RunStatus;
  readonly job?: string | null;
  readonly step?: number;
  readonly epoch?: number;
  readonly finalLoss?: number | null;
  readonly bestValidation?: number | null;
  readonly error?: Failure | null;
  readonly seconds?: number;
  readonly facts?: unknown;
  readonly config?: Readonly<Record<string, unknown>>;
}

const COLUMN: Readonly<Record<keyof RunChange, string>> = {
  name: 'name',
  status: 'status',
  job: 'job',
  step: 'step',
  epoch: 'epoch',
  finalLoss: 'final_loss',
  bestValidation: 'best_validation',
  error: 'error',
  seconds: 'seconds',
  facts: 'facts',
  config: 'config',
};

export class RunRepository {
  readonly #catalog: Catalog;
  readonly #checkpoints: CheckpointRepository;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#checkpoints = new CheckpointRepository(catalog);
  }

  insert(run: NewRun): RunRecord {
    const id = newId('run');
    const name = freeName(run.name, (taken) => this.find(taken) !== undefined);
    this.#catalog
      .sql(
        `INSERT INTO runs (id, dataset, dataset_revision, split, name, method, backend, config, status, steps, epochs, created_at, sweep, trial)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?)`,
      )
      .run(
        id,
        run.dataset,
        run.datasetRevision,
        run.split,
        name,
        run.method,
        run.backend,
        JSON.stringify(run.config),
        run.steps,
        run.epochs,
        run.at,
        run.sweep ?? null,
        run.trial ?? null,
      );
    return this.find(id)!;
  }

  update(id: string, change: RunChange): void {
    for (const [field, value] of Object.entries(change) as [keyof RunChange, unknown][]) {
      const isJson = field === 'error' || field === 'facts' || field === 'config';
      const stored = isJson && value !== null ? JSON.stringify(value) : value;
      this.#catalog.sql(`UPDATE runs SET ${COLUMN[field]} = ? WHERE id = ?`).run(stored, id);
    }
  }

  find(ref: string): RunRecord | undefined {
    return (
      this.#catalog.sql<RunRecord>(`SELECT * FROM runs WHERE id = ?`).get(ref) ??
      this.#catalog.sql<RunRecord>(`SELECT * FROM runs WHERE name = ?`).get(ref)
    );
  }

  /** @throws UserError not-found */
  require(ref: string): RunRecord {
    const found = this.find(ref);
    if (found !== undefined) return found;
    const names = this.list().map((run) => `"${run.name}"`);
    const next = names.length === 0 ? 'Start one first.' : `There is ${names.slice(0, 8).join(', ')}.`;
    throw new UserError('not-found', `There is no run "${ref}". ${next}`);
  }

  /** Newest first. */
  list(dataset?: number): RunRecord[] {
    return dataset === undefined
      ? this.#catalog.sql<RunRecord>(`SELECT * FROM runs ORDER BY created_at DESC, rowid DESC`).all()
      : this.#catalog
          .sql<RunRecord>(`SELECT * FROM runs WHERE dataset = ? ORDER BY created_at DESC, rowid DESC`)
          .all(dataset);
  }

  ofJob(jobId: string): RunRecord | undefined {
    return this.#catalog.sql<RunRecord>(`SELECT * FROM runs WHERE job = ?`).get(jobId);
  }

  /** Vectors that another run of equal checkpoints uses become that run's; what else the run has goes with it. */
  remove(id: string): void {
    const heir = `SELECT users.run FROM (
        SELECT run, embedding FROM evaluations UNION ALL SELECT run, embedding FROM refreshes
      ) users WHERE users.embedding = embeddings.id AND users.run <> @id LIMIT 1`;
    this.#catalog.write(() => {
      this.#catalog
        .sql(`UPDATE embeddings SET run = (${heir}) WHERE run = @id AND EXISTS (${heir})`)
        .run({ id });
      this.#catalog.sql(`DELETE FROM runs WHERE id = ?`).run(id);
    });
  }

  toRun(run: RunRecord): Run {
    const around = this.#catalog
      .sql<{ datasetId: string; datasetName: string; splitName: string }>(
        `SELECT d.id AS datasetId, d.name AS datasetName, s.name AS splitName
         FROM datasets d, splits s WHERE d.key = ? AND s.id = ?`,
      )
      .get(run.dataset, run.split)!;
    const facts = JSON.parse(run.facts) as Record<string, unknown>;
    const config = JSON.parse(run.config) as Record<string, unknown>;
    return {
      id: run.id,
      name: run.name,
      datasetId: around.datasetId,
      datasetName: around.datasetName,
      datasetRevision: run.dataset_revision,
      stale: changedSince(this.#catalog, run.dataset, run.dataset_revision),
      splitId: run.split,
      splitName: around.splitName,
      sweepId: run.sweep,
      method: run.method,
      config: Object.keys(facts).length === 0 ? config : { ...config, facts },
      status: run.status,
      jobId: run.job,
      step: run.step,
      steps: run.steps,
      epoch: run.epoch,
      epochs: run.epochs,
      finalLoss: run.final_loss,
      bestValidation: run.best_validation,
      checkpoints: this.#checkpoints.list(run.id),
      error: run.error === null ? null : (JSON.parse(run.error) as Failure),
      seconds: run.seconds,
      createdAt: run.created_at,
    };
  }
}
