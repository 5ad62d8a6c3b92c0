import { z } from 'zod';
import { ContentHash, Timestamp, WeightsId } from './ids.ts';

/** The kinds of file that weights are imported from. */
export const WeightFormat = z.enum(['safetensors', 'pytorch', 'keras-h5', 'tfjs', 'onnx']);
export type WeightFormat = z.infer<typeof WeightFormat>;

/** Where the arrays of an untrained run come from. */
export const StartingWeights = z.discriminatedUnion('kind', [
  /** Those that come with Plumage. */
  z.object({ kind: z.literal('shipped') }),
  z.object({ kind: z.literal('stored'), file: ContentHash, name: z.string() }),
  z.object({ kind: z.literal('random'), seed: z.int() }),
]);
export type StartingWeights = z.infer<typeof StartingWeights>;

const Shape = z.array(z.int());

/** How the arrays of a file are those of a network. Lists hold the first few names; the counts are of all. */
export const BackboneFit = z.object({
  backbone: z.string(),
  title: z.string(),
  /** Every array that the network needs is there in the right shape: the file can be imported for it. */
  complete: z.boolean(),
  /** Arrays that the network needs. */
  wanted: z.int(),
  matched: z.int(),
  /** Arrays that the file may lack and that have one possible value: biases of 0 and scales of 1. */
  filled: z.int(),
  /** Biases that were moved into the running mean of the batch norm after them. */
  moved: z.int(),
  /** Batch norms that the file has folded into convolutions: they are kept as norms that change nothing. */
  folded: z.int(),
  missing: z.int(),
  missingNames: z.array(z.string()),
  different: z.int(),
  differences: z.array(z.object({ name: z.string(), source: z.string(), wanted: Shape, found: Shape })),
  /** Classifiers and counters, which an embedding does not need. */
  leftOut: z.int(),
  leftOutNames: z.array(z.string()),
  /** In the file and of no use to the network. */
  unexpected: z.int(),
  unexpectedNames: z.array(z.string()),
  /** What stands before every name in the file. */
  prefix: z.string(),
  /** Whose spelling the names have, where it is not the network's own. */
  dialect: z.string().nullable(),
});
export type BackboneFit = z.infer<typeof BackboneFit>;

/** What a file of weights holds and which network it is for. */
export const WeightInspection = z.object({
  path: z.string(),
  format: WeightFormat,
  /** Arrays in the file, and the numbers in them. */
  arrays: z.int(),
  parameters: z.number(),
  /** The first of them. */
  listed: z.array(z.object({ name: z.string(), shape: Shape, type: z.string() })),
  notes: z.array(z.string()),
  /** The best first; those that share no array with the file are left out. */
  fits: z.array(BackboneFit),
});
export type WeightInspection = z.infer<typeof WeightInspection>;

/** Weights of a backbone in the library: what comes with Plumage, and what people imported. */
export const WeightSet = z.object({
  /** null for those that come with Plumage. */
  id: WeightsId.nullable(),
  name: z.string(),
  backbone: z.string(),
  backboneTitle: z.string(),
  /** Content hash of the stored arrays. */
  file: ContentHash.nullable(),
  bytes: z.number().nullable(),
  format: WeightFormat,
  /** Name of the file that they came from. */
  source: z.string(),
  licence: z.string().nullable(),
  matched: z.int().nullable(),
  filled: z.int().nullable(),
  leftOut: z.int().nullable(),
  unexpected: z.int().nullable(),
  notes: z.array(z.string()),
  /** A run of this backbone starts from these unless it names others. */
  isDefault: z.boolean(),
  createdAt: Timestamp.nullable(),
});
export type WeightSet = z.infer<typeof WeightSet>;
