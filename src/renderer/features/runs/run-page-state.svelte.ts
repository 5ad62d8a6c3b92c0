import type { Client } from '../../../shared/contract/index.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import type { Run, RunPoint } from '../../../shared/domain/run.ts';
import { isCancelled, toFailure } from '../../state/failure.ts';

const PAGE = 5000;

/** One run as it trains: its state and its points, read on from the last one whenever the engine says that there are more. */
export class RunPageState {
  run: Run | undefined = $state.raw();
  points: readonly RunPoint[] = $state.raw([]);
  error: Failure | undefined = $state.raw();
  readonly runId: string;
  #last = 0;

  constructor(runId: string) {
    this.runId = runId;
  }

  /** Follows the run until the signal ends it or the run's stream does. */
  async follow(client: Client, signal: AbortSignal): Promise<void> {
    try {
      this.run = await client.runs.get({ run: this.runId }, { signal });
      await this.#readOn(client, signal);
      for await (const { value } of client.runs.events({ run: this.runId }, { signal })) {
        if (signal.aborted) return;
        this.run = value.run;
        if (value.seq > this.#last) await this.#readOn(client, signal);
      }
    } catch (cause) {
      if (!signal.aborted && !isCancelled(cause)) this.error = toFailure(cause);
    }
  }

  async #readOn(client: Client, signal: AbortSignal): Promise<void> {
    for (;;) {
      const page = await client.runs.points({ run: this.runId, since: this.#last, limit: PAGE }, { signal });
      const fresh = page.filter((point) => point.seq > this.#last);
      if (fresh.length > 0) {
        this.points = [...this.points, ...fresh];
        this.#last = fresh.at(-1)?.seq ?? this.#last;
      }
      if (page.length < PAGE || fresh.length === 0) return;
    }
  }
}
