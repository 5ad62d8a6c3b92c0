import type { TrainerOptions } from '#learn/trainer.ts';
import type { OpenBackend } from '../backend/open-backend.ts';

/** How the step is recorded on this backend; nothing where it cannot be. */
export function recordedStep(_backend: OpenBackend, _warn: (message: string) => void): Pick<TrainerOptions, 'record'> {
  return {};
}
