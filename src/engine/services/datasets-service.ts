import { basename } from 'node:path';
import type {
  ClassSummary,
  DatasetSummary,
  DuplicateGroup,
  ImportProblem,
  Layout,
} from '#shared/domain/dataset.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { FolderPreview } from '#shared/worker/reader.ts';
import { existingFolder } from './folder-path.ts';
import type { ServiceContext } from './service-context.ts';

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export class DatasetsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  list(removed: boolean): DatasetSummary[] {
    const { datasets } = this.#context;
    return datasets.list(removed).map((dataset) => datasets.summary(dataset));
  }

  get(ref: string): DatasetSummary {
    return this.#context.datasets.summary(this.#context.datasets.require(ref));
  }

  async preview(input: { path: string; layout: Layout }): Promise<
    FolderPreview & {
      path: string;
      layout: Layout;
      suggestedName: string;
      existing: string | null;
      classes: { name: string; images: number }[];
      warnings: string[];
    }
  > {
    const path = await existingFolder(input.path);
    const found = await this.#context.reader.ask('preview', { path, layout: input.layout });
    return {
      ...found,
      classes: [...found.classes],
      warnings: [...found.warnings],
      path,
      layout: 'folder',
      suggestedName: basename(path) || 'Dataset',
      existing: this.#context.datasets.byRoot(path)?.id ?? null,
    };
  }

  async import(input: {
    path: string;
    name?: string | undefined;
    licence?: string | undefined;
  }): Promise<{ jobId: string; datasetId: string }> {
    const { datasets, jobs, queue, catalog, now } = this.#context;
    const rootPath = await existingFolder(input.path);
    const known = datasets.byRoot(rootPath);
    queue.saveEnds();
    if (known !== undefined) {
      const active = jobs.active().find((job) => job.kind === 'import' && job.subject === known.id);
      if (active !== undefined)
        throw new UserError(
          'conflict',
          `"${known.name}" is being imported already. Wait for it, or stop it first.`,
          {
            details: { jobId: active.id, datasetId: known.id },
          },
        );
    }
    const name = input.name ?? known?.name ?? (basename(rootPath) || 'Dataset');
    return catalog.write(() => {
      const dataset =
        known ??
        datasets.insert({ name, rootPath, layout: 'folder', licence: input.licence ?? null, at: now() });
      if (known !== undefined) {
        const rename =
          input.name !== undefined && input.name !== known.name && datasets.find(input.name) === undefined;
        datasets.update(known.key, {
          removedAt: null,
          ...(rename && { name }),
          ...(input.licence !== undefined && { licence: input.licence }),
        });
      }
      const job = queue.enqueue({
        kind: 'import',
        title: `Import ${dataset.name}`,
        subject: dataset.id,
        request: { datasetId: dataset.id },
      });
      this.#context.tell(['datasets', 'jobs'], dataset.id);
      return { jobId: job.id, datasetId: dataset.id };
    });
  }

  classes(ref: string): ClassSummary[] {
    return this.#context.classes.list(this.#context.datasets.require(ref).key);
  }

  problems(ref: string, page: Page): { total: number; rows: ImportProblem[] } {
    return this.#context.problems.page(this.#context.datasets.require(ref).key, page.offset, page.limit);
  }

  duplicates(
    ref: string,
    page: Page,
  ): { total: number; exactGroups: number; nearGroups: number; rows: DuplicateGroup[] } {
    const { datasets, duplicates, images } = this.#context;
    const { key } = datasets.require(ref);
    const { exact, near } = duplicates.counts(key);
    const rows = duplicates.page(key, page.offset, page.limit).map(({ kind, distance, imageIds }) => {
      const members = images.rows(imageIds);
      const acrossClasses = new Set(members.map((member) => member.classId)).size > 1;
      return { kind, distance, images: members, acrossClasses };
    });
    return { total: exact + near, exactGroups: exact, nearGroups: near, rows };
  }

  remove(ref: string): void {
    this.#setRemoved(ref, this.#context.now());
  }

  restore(ref: string): void {
    this.#setRemoved(ref, null);
  }

  #setRemoved(ref: string, removedAt: number | null): void {
    const dataset = this.#context.datasets.require(ref);
    this.#context.datasets.update(dataset.key, { removedAt });
    this.#context.tell(['datasets'], dataset.id);
  }
}
