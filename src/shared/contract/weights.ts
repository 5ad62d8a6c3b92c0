import { z } from 'zod';
import { Ref } from '../domain/ids.ts';
import { BackboneFit, WeightInspection, WeightSet } from '../domain/weights.ts';
import { type ContractPart, call } from './definition.ts';

const Path = z.string().min(1).max(4096);
const Backbone = z.string().max(60).optional();

export const weights = {
  calls: {
    /** Those that come with Plumage, then the imported ones, newest first. */
    list: call({ input: z.strictObject({}), output: z.array(WeightSet) }),
    /** Reads names and shapes of a file and tries the networks on it; with `backbone` that one alone. */
    inspect: call({
      input: z.strictObject({ path: Path, backbone: Backbone }),
      output: WeightInspection,
      errors: ['not-found', 'no-permission', 'bad-input'],
    }),
    /** Converts the arrays and keeps them in the library. Without `backbone` the one that the file is complete for. */
    import: call({
      input: z.strictObject({
        path: Path,
        backbone: Backbone,
        name: z.string().trim().min(1).max(120).optional(),
        licence: z.string().trim().max(20_000).optional(),
      }),
      output: z.object({ weights: WeightSet, fit: BackboneFit }),
      errors: ['not-found', 'no-permission', 'no-space', 'bad-input'],
    }),
    remove: call({
      input: z.strictObject({ weights: Ref }),
      output: z.void(),
      errors: ['not-found', 'conflict'],
    }),
  },
  streams: {},
} satisfies ContractPart;
