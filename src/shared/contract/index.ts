import { curation } from './curation.ts';
import { datasets } from './datasets.ts';
import type { ClientOf, ContractShape, HandlersOf } from './definition.ts';
import { evaluations, neighbors } from './evaluations.ts';
import { exports_ } from './exports.ts';
import { images } from './images.ts';
import { jobs } from './jobs.ts';
import { runs } from './runs.ts';
import { splits } from './splits.ts';
import { sweeps } from './sweeps.ts';
import { system } from './system.ts';
import { triplets } from './triplets.ts';
import { weights } from './weights.ts';

/** Every call and stream that the engine answers. The only thing that two processes share. */
export const contract = {
  system,
  jobs,
  datasets,
  images,
  curation,
  splits,
  runs,
  sweeps,
  evaluations,
  neighbors,
  triplets,
  weights,
  exports: exports_,
} satisfies ContractShape;

export type Contract = typeof contract;
export type Client = ClientOf<Contract>;
export type Handlers = HandlersOf<Contract>;
