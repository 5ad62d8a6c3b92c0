import type { ContentStore } from '#catalog/content-store.ts';
import { type NamedTensor, decodeSafetensors, encodeSafetensors } from '#formats/safetensors.ts';
import type { RunConfig } from '#learn/config.ts';
import { PlateauState, plateauStart } from '#learn/schedules/plateau.ts';
import type { WeightArray, Weights } from '#learn/models/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MiningState } from './mining/mining-state.ts';

/**
 * What a run needs to go on besides its arrays. Order of samples and augmentation are functions of the seed and the
 * step, so the step is the state of the sampler and of the random numbers.
 */
const State = z.strictObject({
  step: z.int(),
  bestValidation: z.number().nullable(),
  validationsWithoutGain: z.int(),
  threads: z.int(),
  backend: z.string(),
  plateau: PlateauState.default(plateauStart),
  mining: MiningState.nullable().default(null),
});
export type RunState = z.infer<typeof State>;

const FORMAT = 'plumage-checkpoint-1';

export interface Checkpoint {
  readonly arrays: Weights;
  readonly state: RunState;
}

/** Equal states give equal bytes, and so the same name: nothing in it depends on the clock. */
export async function saveCheckpoint(
  store: ContentStore,
  arrays: Weights,
  state: RunState,
  config: RunConfig,
): Promise<string> {
  const tensors = [...arrays].map(([name, { shape, data }]): NamedTensor => ({
    name,
    dtype: 'F32',
    shape,
    data: data as Float32Array<ArrayBuffer>,
  }));
  const metadata = { format: FORMAT, state: JSON.stringify(state), config: JSON.stringify(config) };
  return store.put(encodeSafetensors(tensors, metadata));
}

export async function loadCheckpoint(store: ContentStore, hash: string): Promise<Checkpoint> {
  const { tensors, metadata } = decodeSafetensors(await readFile(store.get(hash)), 'The checkpoint');
  const text = metadata['format'] === FORMAT ? metadata['state'] : undefined;
  if (text === undefined) {
    throw new UserError(
      'bad-input',
      'This file is not a checkpoint of this version of Plumage: start the run anew.',
    );
  }
  const arrays = new Map<string, WeightArray>();
  for (const { name, shape, data } of tensors.values()) {
    if (data instanceof Float32Array) arrays.set(name, { shape, data });
  }
  return { arrays, state: State.parse(JSON.parse(text)) };
}
