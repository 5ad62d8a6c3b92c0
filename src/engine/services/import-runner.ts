import type { ImportProblem } from '#shared/domain/dataset.ts';
import type { ImportEvent, ImportedImage } from '#shared/worker/import.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import type { ServiceContext } from './service-context.ts';

export interface ImportRequest {
  readonly datasetId: string;
}

/** What `plumage import` prints. */
export interface ImportOutcome {
  readonly datasetId: string;
  readonly name: string;
  readonly revision: number;
  readonly images: number;
  readonly classes: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  readonly duplicates: number;
  readonly seconds: number;
}

const RECOUNT_EVERY_MS = 1000;
const SKIPPED_TOLD = 1000;

/** Fills a dataset from its folder. Running it again after any interruption leads to the same rows. */
export class ImportRunner implements JobRunner {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async run(request: unknown, job: JobContext): Promise<ImportOutcome> {
    const { datasetId } = request as ImportRequest;
    const { datasets, images, problems, classes, journal, catalog, now } = this.#context;
    const startedAt = now();
    const dataset = datasets.require(datasetId);
    const writer = new ImportWriter(this.#context, dataset.key, dataset.id, startedAt);
    const task = { datasetId, rootPath: dataset.root_path, layout: 'folder' as const };
    await job.task('import', task, (event) => writer.take(event));
    catalog.write(() => {
      const gone = images.markUnseenGone(dataset.key, startedAt);
      problems.forgetOlder(dataset.key, startedAt);
      classes.recount(dataset.key, classes.ids(dataset.key));
      if (gone > 0) writer.markDirty();
      if (writer.isDirty()) {
        const counts = `${writer.added} new, ${writer.changed} changed, ${gone} gone`;
        journal.note(dataset.key, 'import', `Imported ${dataset.root_path}: ${counts}.`, {
          who: 'import',
          why: '',
          at: now(),
        });
        writer.clearDirty();
      }
    });
    this.#context.tell(['datasets', 'images'], dataset.id);
    await this.#findDuplicates(dataset.key, job);
    this.#context.tell(['datasets', 'images'], dataset.id);
    const summary = datasets.summary(datasets.require(datasetId));
    return {
      datasetId,
      name: summary.name,
      revision: summary.revision,
      images: summary.images,
      classes: summary.classes,
      skipped: problems.page(dataset.key, 0, SKIPPED_TOLD).rows.map(({ path, reason }) => ({ path, reason })),
      duplicates: summary.duplicateGroups,
      seconds: (now() - startedAt) / 1000,
    };
  }

  /** A folder that turned out to hold no image leaves no empty dataset on the shelf; importing it again brings it back. */
  settled(request: unknown, jobId: string): void {
    const { datasets, jobs, problems, now } = this.#context;
    if (jobs.require(jobId).error?.code !== 'bad-input') return;
    const dataset = datasets.require((request as ImportRequest).datasetId);
    const isEmpty = datasets.summary(dataset).images === 0 && problems.page(dataset.key, 0, 1).total === 0;
    if (dataset.revision > 0 || !isEmpty) return;
    datasets.update(dataset.key, { removedAt: now() });
    this.#context.tell(['datasets'], dataset.id);
  }

  async #findDuplicates(dataset: number, job: JobContext): Promise<void> {
    job.signal.throwIfAborted();
    job.progress({
      phase: 'Looking for duplicates',
      done: 0,
      total: null,
      unit: 'images',
      perSecond: null,
      secondsLeft: null,
    });
    this.#context.duplicates.replace(dataset, await this.#context.reader.ask('duplicates', { dataset }));
  }
}

/** Writes what the import worker sends, a batch a transaction. */
class ImportWriter {
  readonly #context: ServiceContext;
  readonly #dataset: number;
  readonly #datasetId: string;
  /** Tells this import's rows from those that no import has met again. */
  readonly #importNumber: number;
  readonly #touched = new Set<number>();
  #recountedAt = 0;
  added = 0;
  changed = 0;

  constructor(context: ServiceContext, dataset: number, datasetId: string, importNumber: number) {
    this.#context = context;
    this.#dataset = dataset;
    this.#datasetId = datasetId;
    this.#importNumber = importNumber;
  }

  take(event: ImportEvent): void {
    this.#context.catalog.write(() => {
      if (event.kind === 'images') this.#images(event.rows);
      else if (event.kind === 'problems') this.#problems(event.rows);
      else this.#context.images.markSeen(this.#dataset, event.paths, this.#importNumber);
    });
    const now = this.#context.now();
    if (now - this.#recountedAt < RECOUNT_EVERY_MS) return;
    this.#recountedAt = now;
    this.#context.catalog.write(() => this.#context.classes.recount(this.#dataset, this.#touched));
    this.#touched.clear();
    this.#context.tell(['datasets', 'images'], this.#datasetId);
  }

  #images(rows: readonly ImportedImage[]): void {
    const { classes, images, journal, now } = this.#context;
    const made: { id: number; name: string }[] = [];
    const known = new Map<string, number>();
    const before = new Set(classes.ids(this.#dataset));
    for (const image of rows) {
      let classId = known.get(image.className);
      if (classId === undefined) {
        const folder = classes.forFolder(this.#dataset, image.className);
        classId = folder.id;
        known.set(image.className, classId);
        if (!before.has(classId)) made.push({ id: classId, name: folder.name });
      }
      const outcome = images.upsert(this.#dataset, classId, image, this.#importNumber);
      if (outcome === 'added') this.added++;
      else if (outcome === 'changed') this.changed++;
      if (outcome !== 'unchanged') this.markDirty();
      this.#touched.add(classId);
    }
    journal.noteClasses(this.#dataset, made, { who: 'import', why: '', at: now() });
  }

  #problems(rows: readonly ImportProblem[]): void {
    this.#context.problems.put(this.#dataset, rows, this.#importNumber);
  }

  /**
   * Rows have changed and the revision has not grown yet. Kept in the catalogue, so that an import which goes on after a
   * crash still notes what the one before it had changed.
   */
  markDirty(): void {
    this.#context.catalog
      .sql(`INSERT OR REPLACE INTO meta (name, value) VALUES (?, 'yes')`)
      .run(`import-dirty-${this.#dataset}`);
  }

  isDirty(): boolean {
    return (
      this.#context.catalog.sql(`SELECT 1 FROM meta WHERE name = ?`).get(`import-dirty-${this.#dataset}`) !==
      undefined
    );
  }

  clearDirty(): void {
    this.#context.catalog.sql(`DELETE FROM meta WHERE name = ?`).run(`import-dirty-${this.#dataset}`);
  }
}
