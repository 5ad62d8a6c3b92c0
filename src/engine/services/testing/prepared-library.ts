import { TemporaryLibrary } from './temporary-library.ts';

export const SPLIT = {
  dataset: 'Birds',
  kind: 'class-disjoint',
  testShare: 0.5,
  validationShare: 0,
  seed: 1,
  dropLeaks: false,
} as const;

/** A library with a dataset of 4 classes of 6 images, split in halves. */
export async function prepared(): Promise<TemporaryLibrary> {
  const library = new TemporaryLibrary();
  library.fill(4, 6);
  await library.import();
  await library.services.splits.create({ ...SPLIT, name: 'half' });
  return library;
}

export const REQUEST = {
  dataset: 'Birds',
  split: 'half',
  method: 'soft-triple',
  backend: 'auto',
  settings: { centersPerClass: 2, steps: 10 },
} as const;

/** Starts a run and puts a mode for the fake worker into its stored config. */
export async function start(
  library: TemporaryLibrary,
  mode?: string,
): Promise<{ runId: string; jobId: string }> {
  const started = await library.services.runs.start({ ...REQUEST, settings: { ...REQUEST.settings } });
  if (mode !== undefined)
    library.services.context.catalog.db
      .prepare(`UPDATE runs SET config = json_set(config, '$.mode', ?) WHERE id = ?`)
      .run(mode, started.runId);
  return started;
}
