import type { Contract } from './index.ts';

/** For each part of a contract, which of its names are streams. One that is missing or too many does not compile. */
export type StreamNamesOf<C> = {
  readonly [P in keyof C]: C[P] extends { streams: infer S } ? { readonly [N in keyof S]: true } : never;
};

/** A client needs to tell calls from streams without importing the schemas: the renderer's bundle stays small. */
export const STREAM_NAMES: StreamNamesOf<Contract> = {
  system: { changes: true },
  jobs: { watch: true, active: true },
  datasets: {},
  images: {},
  curation: {},
  splits: {},
  runs: { events: true },
  sweeps: {},
  evaluations: {},
  neighbors: {},
  triplets: {},
  weights: {},
  exports: {},
};
