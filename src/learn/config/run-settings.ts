import { z } from 'zod';
import { batchesSettings } from './settings/batches.ts';
import { miningSettings } from './settings/mining.ts';
import { networkSettings } from './settings/network.ts';
import { optimiserSettings } from './settings/optimiser.ts';
import { runSettings } from './settings/run.ts';
import { scheduleSettings } from './settings/schedule.ts';
import { viewsSettings } from './settings/views.ts';

/**
 * Settings of a run that do not depend on the method, in the order of the form. Beside title and description, a field's
 * meta tells the form where it stands (`group`), whether it is seldom touched (`rare`), what 0 means (`zero`), and which
 * value of another field it matters under (`onlyWhen`).
 */
export const RunSettings = z.strictObject({
  ...networkSettings,
  ...batchesSettings,
  ...miningSettings,
  ...optimiserSettings,
  ...scheduleSettings,
  ...viewsSettings,
  ...runSettings,
});
export type RunSettings = z.infer<typeof RunSettings>;

/** Everything that a run needs to know, as it is stored with the run and in its checkpoints. */
export type RunConfig = RunSettings & {
  /** Which method. */
  readonly methodId: string;
  /** The method's settings. */
  readonly method: Readonly<Record<string, unknown>>;
};
