import { record } from '#learn/backend/record/record.ts';
import type { TrainerOptions } from '#learn/trainer.ts';
import type { OpenBackend } from '../backend/open-backend.ts';

/** How the step is recorded on this backend; nothing where the addon has no graph functions. */
export function recordedStep(
  backend: OpenBackend,
  warn: (message: string) => void,
): Pick<TrainerOptions, 'record'> {
  const native = backend.nativeBackend;
  if (native?.binding.addFunction === undefined) return {};
  return { record: (step) => record(native, step, warn) };
}
