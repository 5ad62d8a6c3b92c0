import type { Client } from '../../../shared/contract/index.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import type { BackboneFit, WeightInspection, WeightSet } from '../../../shared/domain/weights.ts';
import { isCancelled, toFailure } from '../../state/failure.ts';

export type WeightsStep = 'choose' | 'reading' | 'report' | 'importing';

/**
 * One import of weights: choose -> reading -> report -> importing, then the dialog closes. Nothing is kept before the
 * person has seen what matched.
 */
export class WeightsImport {
  open = $state(false);
  step = $state<WeightsStep>('choose');
  path = $state('');
  name = $state('');
  licence = $state('');
  backbone = $state('');
  found = $state.raw<WeightInspection | undefined>();
  error = $state.raw<Failure | undefined>();
  #controller = new AbortController();
  readonly #client: () => Client;

  constructor(client: () => Client) {
    this.#client = client;
  }

  /** The networks that the file has every array of. */
  get complete(): readonly BackboneFit[] {
    return this.found?.fits.filter(({ complete }) => complete) ?? [];
  }

  /** What the report shows: the chosen network, else the one that comes nearest. */
  get fit(): BackboneFit | undefined {
    return this.complete.find(({ backbone }) => backbone === this.backbone) ?? this.found?.fits[0];
  }

  start(path = ''): void {
    this.close();
    this.open = true;
    this.path = path;
    if (path !== '') void this.read();
  }

  /** Reads names and shapes. */
  async read(): Promise<void> {
    const path = this.path.trim();
    if (path === '') return;
    const { signal } = this.#begin('reading');
    try {
      const found = await this.#client().weights.inspect({ path }, { signal });
      if (signal.aborted) return;
      this.found = found;
      this.backbone = found.fits.find(({ complete }) => complete)?.backbone ?? '';
      this.step = 'report';
    } catch (cause) {
      this.#failed(cause, signal, 'choose');
    }
  }

  back(): void {
    this.#begin('choose');
    this.found = undefined;
  }

  /** @returns what was kept; undefined where it was not */
  async run(): Promise<WeightSet | undefined> {
    const { found, backbone } = this;
    if (found === undefined || backbone === '') return undefined;
    const name = this.name.trim();
    const licence = this.licence.trim();
    const { signal } = this.#begin('importing');
    try {
      const { weights } = await this.#client().weights.import(
        {
          path: found.path,
          backbone,
          ...(name === '' ? {} : { name }),
          ...(licence === '' ? {} : { licence }),
        },
        { signal },
      );
      if (!signal.aborted) this.close();
      return weights;
    } catch (cause) {
      this.#failed(cause, signal, 'report');
      return undefined;
    }
  }

  close(): void {
    this.#begin('choose');
    this.open = false;
    this.found = undefined;
    this.path = this.name = this.licence = this.backbone = '';
  }

  /** Whatever was under way has no effect any more. */
  #begin(step: WeightsStep): AbortController {
    this.#controller.abort();
    this.#controller = new AbortController();
    this.error = undefined;
    this.step = step;
    return this.#controller;
  }

  #failed(cause: unknown, signal: AbortSignal, back: WeightsStep): void {
    if (signal.aborted || isCancelled(cause)) return;
    this.error = toFailure(cause);
    this.step = back;
  }
}
