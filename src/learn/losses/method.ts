import type * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { Kernels } from '../backend/kernels.ts';
import type { Random } from '../random/counter-random.ts';

/** What a method is told when it is built for a run. */
export interface MethodContext {
  readonly classes: number;
  readonly dim: number;
  readonly kernels: Kernels;
  readonly random: Random;
}

/** An array that a method trains beside the network: centres, proxies. */
export interface MethodParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Float32Array;
}

export interface BuiltMethod {
  readonly parameters: readonly MethodParameter[];
  /**
   * @param embeddings [batch, dim], rows of unit length
   * @param labels     int32 [batch], 0 <= label < classes
   * @param trained    the parameters' variables, in their order
   * @returns one loss a sample [batch]; their mean is the method's loss
   */
  loss(embeddings: tf.Tensor2D, labels: tf.Tensor1D, trained: readonly tf.Tensor[]): tf.Tensor1D;
  /** Numbers for the curves, read from the parameters' values. */
  diagnostics?(values: readonly Float32Array[]): Record<string, number>;
}

/** A way to train: everything that the form, the command line and the saved config need to know of it. */
export interface Method {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  readonly schema: z.ZodObject;
  /** The paper's symbols and other short names, to the schema's fields. */
  readonly symbols: Readonly<Record<string, string>>;
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
export function defineMethod<S extends z.ZodObject>(definition: {
  id: string;
  title: string;
  summary: string;
  source: string;
  schema: S;
  symbols: Record<string, keyof z.infer<S> & string>;
  check?: (settings: z.infer<S>, facts: MethodFacts) => { field: string; message: string }[];
  build: (settings: z.infer<S>, context: MethodContext) => BuiltMethod;
}): Method {
  const { schema, check, build, ...rest } = definition;
  return {
    ...rest,
    schema,
    ...(check ? { check: (settings, facts) => check(schema.parse(settings), facts) } : {}),
    build: (settings, context) => build(schema.parse(settings), context),
  };
}
