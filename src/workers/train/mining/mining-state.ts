import { z } from 'zod';
import { ControllerState } from '#learn/miners/controller.ts';
import type { WeightArray, Weights } from '#learn/models/weights.ts';

/** What a checkpoint keeps of whole-set mining, beside the triplets in use. */
export const MiningState = z.strictObject({
  controller: ControllerState,
  /** The step before which the triplets in use were mined; -1 while none were. */
  from: z.int(),
  /** The step before which the part is mined anew. */
  until: z.int(),
  /** Sum and number of the steps' active shares since `from`. */
  activeSum: z.number(),
  activeSteps: z.int(),
  /** Of the triplets in use: share that was active when mined, share of the anchors without one. */
  minedActive: z.number(),
  without: z.number(),
});
export type MiningState = z.infer<typeof MiningState>;

/** The triplets in use, samples counted from 0. */
export interface TripletsInUse {
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
  /** 1 where a triplet was active when it was mined. */
  readonly active: Int32Array;
}

const NAMES = ['anchors', 'positives', 'negatives', 'active'] as const;
const PREFIX = 'mining/';

/** Checkpoints hold float32, which is exact for as many samples as anyone trains on (2^24). */
export function arraysOfTriplets(triplets: TripletsInUse): Map<string, WeightArray> {
  return new Map(
    NAMES.map((name) => [
      PREFIX + name,
      { shape: [triplets[name].length], data: Float32Array.from(triplets[name]) },
    ]),
  );
}

export function tripletsOfArrays(arrays: Weights): TripletsInUse | null {
  const [anchors, positives, negatives, active] = NAMES.map((name) => arrays.get(PREFIX + name)?.data);
  if (!anchors || !positives || !negatives || !active) return null;
  return {
    anchors: Int32Array.from(anchors),
    positives: Int32Array.from(positives),
    negatives: Int32Array.from(negatives),
    active: Int32Array.from(active),
  };
}
