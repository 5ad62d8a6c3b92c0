import type { Client } from '../../shared/contract/index.ts';
import type { DatasetSummary } from '../../shared/domain/dataset.ts';
import type { Failure } from '../../shared/domain/job.ts';
import { isCancelled, toFailure } from './failure.ts';

/** The datasets on the shelf, read again whenever the engine says that they changed. */
export class DatasetsState {
  list = $state.raw<readonly DatasetSummary[]>([]);
  error = $state.raw<Failure | undefined>();
  /** False until the first answer: an empty list is not yet an empty library. */
  loaded = $state(false);

  async load(client: Client, signal: AbortSignal): Promise<void> {
    try {
      const list = await client.datasets.list({}, { signal });
      if (signal.aborted) return;
      this.list = list;
      this.error = undefined;
      this.loaded = true;
    } catch (cause) {
      if (isCancelled(cause) || signal.aborted) return;
      this.error = toFailure(cause);
    }
  }

  byId(datasetId: string | null): DatasetSummary | undefined {
    return datasetId === null ? undefined : this.list.find((dataset) => dataset.id === datasetId);
  }
}
