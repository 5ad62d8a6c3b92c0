import { z } from 'zod';
import { Ref, SweepId } from '../domain/ids.ts';
import { Sweep, SweepRequest } from '../domain/sweep.ts';
import { type ContractPart, call } from './definition.ts';

const one = z.strictObject({ sweep: Ref });

/** Searches over settings. A sweep is a set of runs: its trials are seen, stopped and compared as runs are. */
export const sweeps = {
  calls: {
    list: call({
      input: z.strictObject({ dataset: Ref.optional() }),
      output: z.array(Sweep),
      errors: ['not-found'],
    }),
    get: call({ input: one, output: Sweep, errors: ['not-found'] }),
    /** How many trials a request makes, and what is wrong with the first that cannot run. Starts nothing. */
    check: call({
      input: SweepRequest,
      output: z.object({
        trials: z.int(),
        problems: z.array(z.object({ field: z.string(), message: z.string() })),
      }),
      errors: ['not-found'],
    }),
    start: call({
      input: SweepRequest,
      output: z.object({ sweepId: SweepId, trials: z.int() }),
      errors: ['not-found', 'bad-input'],
    }),
    /** Keeps the state of the trial that runs and lets the others wait. */
    pause: call({ input: one, output: z.void(), errors: ['not-found', 'conflict'] }),
    /** Goes on with every trial that is not done. */
    resume: call({ input: one, output: z.void(), errors: ['not-found', 'conflict'] }),
    /** Removes the sweep with all its runs. */
    remove: call({ input: one, output: z.void(), errors: ['not-found', 'conflict'] }),
  },
  streams: {},
} satisfies ContractPart;
