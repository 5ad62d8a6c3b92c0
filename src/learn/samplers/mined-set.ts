/** What a refresh hands to the samplers that draw from mined triplets. */
export interface MinedSet {
  /** [triplets] each, samples counted from 0. */
  readonly anchors: Int32Array;
  readonly positives: Int32Array;
  readonly negatives: Int32Array;
  /** Share of a batch's triplets that is taken from the set, 0 to 1; the others are random. */
  readonly share: number;
  /** The step before which the set was mined: its order is counted from there. */
  readonly from: number;
}

/** Samplers whose batches come from mined triplets. */
export const isMinedSampler = (sampler: string): boolean =>
  sampler === 'mined' || sampler === 'mined-classes';
