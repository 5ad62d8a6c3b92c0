import type * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Kernels } from '../backend/kernels.ts';
import type { RunSettings } from '../config/run-settings.ts';
import type { Random } from '../random/counter-random.ts';

/** What a method is told when it is built for a run. */
export interface MethodContext {
  readonly classes: number;
  readonly dim: number;
  /** Channels of the network's last feature map, for a classifier beside the embedding. */
  readonly featureDim: number;
  readonly kernels: Kernels;
  readonly random: Random;
}

/** An array that a method keeps beside the network: centres, proxies, a classifier. */
export interface MethodParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float32Array;
  /** Whose learning rate moves it; `none` where the method's own `move` does. `centers` where left out. */
  readonly rate?: 'centers' | 'head' | 'none';
}

/** A float32 array that the loss reads and no gradient moves; an argument of the recorded step. */
export interface MethodInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float32Array;
  /** Values of one step, where they are new for every step (random numbers); else `refresh` sets them. */
  readonly draw?: (random: Random) => Float32Array;
}

export interface MethodBatch {
  /** [batch, dim], rows of unit length. */
  readonly embeddings: tf.Tensor2D;
  /** [batch, dim], as the head gave them, before they were scaled to unit length. */
  readonly raw: tf.Tensor2D;
  /** [batch, featureDim], the pooled features under the head. */
  readonly features: tf.Tensor2D;
  /** int32 [batch], 0 <= label < classes. */
  readonly labels: tf.Tensor1D;
  /** The parameters' variables, in their order. */
  readonly trained: readonly tf.Tensor[];
  /** The inputs' values, in their order. */
  readonly inputs: readonly tf.Tensor[];
}

export interface MethodLoss {
  /** What is minimised. */
  readonly value: tf.Scalar;
  /** [batch]: what each sample has of it, where the loss is made of samples; for the curve of each class. */
  readonly perSample?: tf.Tensor1D;
  /** In the order of `BuiltMethod.figures`. */
  readonly figures?: readonly tf.Scalar[];
}

/** The training part under the weights of this moment, in evaluation mode. */
export interface TrainingEmbeddings {
  readonly dim: number;
  readonly classes: number;
  /** [images, dim], rows of unit length. */
  readonly embeddings: Float32Array;
  /** As `embeddings`, before they were scaled to unit length. */
  readonly raw: Float32Array;
  /** [images] */
  readonly labels: Int32Array;
}

export interface Refreshed {
  /** New values of the inputs that are not drawn, in their order. */
  readonly inputs: readonly Float32Array[];
  /** [classes, m] for each class its nearest other classes, nearest first: read by the neighbourhood sampler. */
  readonly nearestClasses?: Int32Array;
}

/** A method made for a run. Everything in `loss` and `move` is tensor operations, so that a step can be recorded. */
export interface BuiltMethod {
  readonly parameters: readonly MethodParameter[];
  readonly inputs?: readonly MethodInput[];
  /** Names of the numbers that `loss` returns beside its value: curves of the run. */
  readonly figures?: readonly string[];
  loss(batch: MethodBatch): MethodLoss;
  /** New values of the parameters with rate `none`, in their order; worked out before the step's gradient is applied. */
  move?(batch: MethodBatch): readonly tf.Tensor[];
  /** Before every epoch, from the whole training part. */
  refresh?(whole: TrainingEmbeddings, random: Random): Refreshed;
  /** Scores of the classes where the method trains a classifier: for macro and micro accuracy. [batch, classes] */
  classify?(
    passed: Pick<MethodBatch, 'features' | 'raw' | 'embeddings'>,
    trained: readonly tf.Tensor[],
  ): tf.Tensor2D;
  /** Numbers for the curves, read from the parameters' values at the end of an epoch. */
  diagnostics?(values: readonly Float32Array[]): Record<string, number>;
}

/** Which kind of comparison a method learns from; the documentation is ordered by it. */
export type MethodFamily = 'centers' | 'classification' | 'pairs' | 'triplets' | 'structure';

interface MethodFacets {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  readonly family: MethodFamily;
  /** The loss in the paper's symbols, one line of plain text. */
  readonly formula: string;
  /** Run settings that the method wants where neither a preset nor the person says otherwise. */
  readonly defaults?: Partial<RunSettings>;
  /** Whether the loss takes its batch for explicit triplets, which only the sampler `mined` makes. */
  readonly readsTriplets?: boolean;
}

/** A way to train: everything that the form, the command line and the saved config need to know of it. */
export interface Method extends MethodFacets {
  readonly schema: z.ZodObject;
  /** The paper's symbols and other short names, to the schema's fields. */
  readonly symbols: Readonly<Record<string, string>>;
  /** What of settings that nobody chose does not fit the split, with the values that do and why. */
  fit?(
    settings: Readonly<Record<string, unknown>>,
    facts: MethodFacts,
  ): { field: string; value: unknown; message: string }[];
  /** Checks that need the facts of the split; one sentence a field. */
  check?(
    settings: Readonly<Record<string, unknown>>,
    facts: MethodFacts,
  ): { field: string; message: string }[];
  build(settings: Readonly<Record<string, unknown>>, context: MethodContext): BuiltMethod;
}

export interface MethodFacts {
  readonly classes: number;
  readonly minImagesPerClass: number;
}

/** A method whose settings have the schema's type inside and are checked by it at the border. */
export function defineMethod<S extends z.ZodObject>(
  definition: MethodFacets & {
    schema: S;
    symbols: Record<string, keyof z.infer<S> & string>;
    fit?: (
      settings: z.infer<S>,
      facts: MethodFacts,
    ) => { field: keyof z.infer<S> & string; value: unknown; message: string }[];
    check?: (settings: z.infer<S>, facts: MethodFacts) => { field: string; message: string }[];
    build: (settings: z.infer<S>, context: MethodContext) => BuiltMethod;
  },
): Method {
  const { schema, fit, check, build, ...rest } = definition;
  return {
    ...rest,
    schema,
    ...(fit ? { fit: (settings, facts) => fit(schema.parse(settings), facts) } : {}),
    ...(check ? { check: (settings, facts) => check(schema.parse(settings), facts) } : {}),
    build: (settings, context) => build(schema.parse(settings), context),
  };
}
