import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import type { ServiceContext } from './service-context.ts';

/** Looks for copies again, for a dataset that is imported already. */
export class DuplicatesRunner implements JobRunner {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async run(request: unknown, _job: JobContext): Promise<{ groups: number }> {
    const { datasets, duplicates, reader } = this.#context;
    const { key, id } = datasets.require((request as { datasetId: string }).datasetId);
    const groups = await reader.ask('duplicates', { dataset: key });
    duplicates.replace(key, groups);
    this.#context.tell(['datasets', 'images'], id);
    return { groups: groups.length };
  }
}
