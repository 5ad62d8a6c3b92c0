import type { z } from 'zod';
import type { Catalog } from '#catalog/catalog.ts';
import { Journal } from '#catalog/journal/journal.ts';
import { CheckpointRepository } from '#catalog/repositories/checkpoints.ts';
import { ClassRepository } from '#catalog/repositories/classes.ts';
import { DatasetRepository } from '#catalog/repositories/datasets.ts';
import { DuplicateRepository } from '#catalog/repositories/duplicates.ts';
import { EmbeddingRepository } from '#catalog/repositories/embeddings.ts';
import { EvaluationRepository } from '#catalog/repositories/evaluations.ts';
import { ImageRepository } from '#catalog/repositories/images.ts';
import { JobRepository } from '#catalog/repositories/jobs.ts';
import { ProblemRepository } from '#catalog/repositories/problems.ts';
import { RefreshRepository } from '#catalog/repositories/refreshes.ts';
import { RunPointRepository } from '#catalog/repositories/run-points.ts';
import { RunRepository } from '#catalog/repositories/runs.ts';
import { StoredFileRepository } from '#catalog/repositories/stored-files.ts';
import { SplitRepository } from '#catalog/repositories/splits.ts';
import { SweepRepository } from '#catalog/repositories/sweeps.ts';
import { TagRepository } from '#catalog/repositories/tags.ts';
import { WeightsRepository } from '#catalog/repositories/weights.ts';
import type { ChangeTopic } from '#shared/contract/system.ts';
import type { TaskPlaces } from '#shared/worker/messages.ts';
import { Broadcast } from '../jobs/broadcast.ts';
import { JobQueue } from '../jobs/job-queue.ts';
import { WorkerHost } from '../jobs/worker-host.ts';
import { Reader } from './reader.ts';

export type Topic = z.infer<typeof ChangeTopic>;

export interface Change {
  readonly topics: Topic[];
  /** Id of the dataset that the change concerns, where it is one. */
  readonly dataset: string | null;
}

/** The part of a logger that services use. */
export interface ServiceLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface ServiceOptions {
  readonly catalog: Catalog;
  readonly places: TaskPlaces;
  readonly log: ServiceLog;
  readonly now?: () => number;
  /** Finds a worker's script; tests give their own. */
  readonly workerEntry?: (worker: string) => string;
}

/** What all services share: the catalogue and its repositories, the jobs, and whom to tell of changes. */
export class ServiceContext {
  readonly catalog: Catalog;
  readonly places: TaskPlaces;
  readonly log: ServiceLog;
  readonly now: () => number;
  readonly changes = new Broadcast<Change>();
  /** Ids of runs that have a new state or new points. */
  readonly runChanges = new Broadcast<string>();
  readonly host: WorkerHost;
  readonly queue: JobQueue;
  readonly reader: Reader;
  readonly journal: Journal;
  readonly datasets: DatasetRepository;
  readonly classes: ClassRepository;
  readonly images: ImageRepository;
  readonly problems: ProblemRepository;
  readonly tags: TagRepository;
  readonly duplicates: DuplicateRepository;
  readonly splits: SplitRepository;
  readonly jobs: JobRepository;
  readonly runs: RunRepository;
  readonly sweeps: SweepRepository;
  readonly weights: WeightsRepository;
  readonly points: RunPointRepository;
  readonly checkpoints: CheckpointRepository;
  readonly embeddings: EmbeddingRepository;
  readonly evaluations: EvaluationRepository;
  readonly refreshes: RefreshRepository;
  readonly storedFiles: StoredFileRepository;

  constructor({ catalog, places, log, now = Date.now, workerEntry }: ServiceOptions) {
    this.catalog = catalog;
    this.places = places;
    this.log = log;
    this.now = now;
    this.journal = new Journal(catalog);
    this.datasets = new DatasetRepository(catalog);
    this.classes = new ClassRepository(catalog);
    this.images = new ImageRepository(catalog);
    this.problems = new ProblemRepository(catalog);
    this.tags = new TagRepository(catalog);
    this.duplicates = new DuplicateRepository(catalog);
    this.splits = new SplitRepository(catalog);
    this.jobs = new JobRepository(catalog);
    this.runs = new RunRepository(catalog);
    this.sweeps = new SweepRepository(catalog);
    this.weights = new WeightsRepository(catalog);
    this.points = new RunPointRepository(catalog);
    this.checkpoints = new CheckpointRepository(catalog);
    this.embeddings = new EmbeddingRepository(catalog);
    this.evaluations = new EvaluationRepository(catalog);
    this.refreshes = new RefreshRepository(catalog);
    this.storedFiles = new StoredFileRepository(catalog);
    this.reader = new Reader(places.libraryPath);
    this.host = new WorkerHost({ places, ...(workerEntry && { entry: workerEntry }) });
    this.queue = new JobQueue({
      jobs: this.jobs,
      host: this.host,
      now,
      onBug: (jobId, err) => log.error({ jobId, err }, 'a job failed'),
    });
  }

  /** Removes files that rows named and that none names now; goes on by itself. */
  sweep(hashes: readonly string[]): void {
    this.storedFiles
      .removeUnnamed(hashes)
      .catch((err: unknown) => this.log.warn({ err }, 'files that nothing names stay'));
  }

  tell(topics: Topic[], dataset: string | null = null): void {
    this.changes.publish({ topics, dataset });
  }
}
