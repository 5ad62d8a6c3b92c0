import type { Client } from '../../../shared/contract/index.ts';
import type { Failure, Job } from '../../../shared/domain/job.ts';
import { isCancelled, toFailure } from '../../state/failure.ts';

export type Preview = Awaited<ReturnType<Client['datasets']['preview']>>;
export type ImportStep = 'choose' | 'looking' | 'preview' | 'importing' | 'done';

/**
 * One import from the choice of a folder to its result: choose -> looking -> preview -> importing -> done.
 * Nothing is written before the person says so on the preview. Closing the dialog does not stop an import.
 */
export class ImportState {
  open = $state(false);
  step = $state<ImportStep>('choose');
  path = $state('');
  name = $state('');
  licence = $state('');
  preview = $state.raw<Preview | undefined>();
  job = $state.raw<Job | undefined>();
  datasetId = $state<string | undefined>();
  error = $state.raw<Failure | undefined>();
  #controller = new AbortController();
  readonly #client: () => Client;

  constructor(client: () => Client) {
    this.#client = client;
  }

  /** Opens the dialog, with a folder when one was dropped or picked. */
  start(path = ''): void {
    this.#reset();
    this.open = true;
    this.path = path;
    if (path !== '') void this.look();
  }

  /** Reads the folder without writing anything. */
  async look(): Promise<void> {
    const path = this.path.trim();
    if (path === '') {
      this.error = {
        code: 'bad-input',
        message: 'Type the path of a folder that has one folder of images for each class.',
      };
      return;
    }
    this.#cancelWork();
    const { signal } = this.#controller;
    this.error = undefined;
    this.step = 'looking';
    try {
      const preview = await this.#client().datasets.preview({ path }, { signal });
      if (signal.aborted) return;
      this.preview = preview;
      this.name = preview.suggestedName;
      this.step = 'preview';
    } catch (cause) {
      if (signal.aborted || isCancelled(cause)) return;
      this.error = toFailure(cause);
      this.step = 'choose';
    }
  }

  /** Back to the choice of a folder. */
  back(): void {
    this.#cancelWork();
    this.error = undefined;
    this.step = 'choose';
  }

  /** Starts the import and follows its job to the end. */
  async run(): Promise<void> {
    const preview = this.preview;
    if (preview === undefined) return;
    const { signal } = this.#controller;
    const name = this.name.trim();
    const licence = this.licence.trim();
    this.error = undefined;
    this.step = 'importing';
    try {
      const started = await this.#client().datasets.import({
        path: preview.path,
        layout: preview.layout,
        ...(name === '' ? {} : { name }),
        ...(licence === '' ? {} : { licence }),
      });
      this.datasetId = started.datasetId;
      for await (const { value } of this.#client().jobs.watch({ jobId: started.jobId }, { signal }))
        this.job = value;
      if (!signal.aborted) this.#ended();
    } catch (cause) {
      if (signal.aborted || isCancelled(cause)) return;
      this.error = toFailure(cause);
      this.step = 'preview';
    }
  }

  async stop(): Promise<void> {
    if (this.job !== undefined) await this.#client().jobs.stop({ jobId: this.job.id });
  }

  close(): void {
    this.open = false;
    this.#cancelWork();
  }

  #ended(): void {
    const job = this.job;
    if (job?.status === 'done') {
      this.step = 'done';
      return;
    }
    this.step = 'preview';
    this.error =
      job?.error ??
      ({
        code: 'cancelled',
        message:
          'The import was stopped. What was read is kept: importing the folder again goes on from there.',
      } satisfies Failure);
  }

  #reset(): void {
    this.#cancelWork();
    this.step = 'choose';
    this.name = '';
    this.licence = '';
    this.preview = undefined;
    this.job = undefined;
    this.datasetId = undefined;
    this.error = undefined;
  }

  #cancelWork(): void {
    this.#controller.abort();
    this.#controller = new AbortController();
  }
}
