import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend, OpAttribute } from '../native/native-backend.ts';
import type { BuiltGraph, View } from './graph-builder.ts';
import { bytesField, intField } from './protobuf.ts';

/**
 * ConfigProto { graph_options { rewrite_options { disable_meta_optimizer: true } } }: a rewritten graph would round
 * otherwise than the first steps did, which ran one by one.
 */
const UNCHANGED_GRAPH = bytesField(10, bytesField(10, intField(19, 1)));

type Entry = { id: number } & { release?: () => void };

/** A graph in TensorFlow's eager context, called like one operation. */
export class RecordedFunction {
  readonly #backend: NativeBackend;
  readonly #built: BuiltGraph;
  readonly #name: string;
  readonly #results: number;

  constructor(backend: NativeBackend, built: BuiltGraph, name: string) {
    this.#backend = backend;
    this.#built = built;
    this.#name = name;
    this.#results = built.outputs.length - built.carried.length;
    const { graph, inputs, outputs, controls } = built;
    backend.binding.addFunction?.(name, graph, inputs, outputs, controls);
  }

  call(argHandles: readonly number[]): tf.Tensor[] {
    const { views, feeds, carried, outputs } = this.#built;
    const { binding } = this.#backend;
    for (const view of views) this.#releaseView(view);
    const handles = feeds.map((feed) => {
      if (feed.kind === 'argument') return argHandles[feed.position] as number;
      return feed.kind === 'variable'
        ? (this.#backend.getInputTensorIds([feed.variable])[0] as number)
        : feed.handle;
    });
    const made = binding.executeOp(this.#name, this.#attributes(), handles, outputs.length);
    for (const [i, variable] of carried.entries()) {
      const entry = this.#entry(variable);
      binding.deleteTensor(entry.id);
      entry.id = made[this.#results + i]?.id as number;
    }
    return made.slice(0, this.#results).map((handle) => this.#backend.createOutputTensor(handle));
  }

  dispose(): void {
    this.#backend.binding.removeFunction?.(this.#name);
    for (const handle of this.#built.held) this.#backend.binding.deleteTensor(handle);
  }

  #attributes(): OpAttribute[] {
    return [{ name: 'config_proto', type: this.#backend.binding.TF_ATTR_STRING, value: UNCHANGED_GRAPH }];
  }

  #entry(variable: tf.Variable): Entry {
    return this.#backend.tensorMap.get(variable.dataId);
  }

  /**
   * Gives up JavaScript's reference to a resource's value, or the update would have to copy; the value is read again
   * when somebody asks for it.
   */
  #releaseView({ variable, resource, dtype }: View): void {
    const { binding } = this.#backend;
    const entry = this.#entry(variable);
    if (entry.release) {
      entry.release();
      return;
    }
    binding.deleteTensor(entry.id);
    let current: number | null = null;
    entry.release = () => {
      if (current !== null) binding.deleteTensor(current);
      current = null;
    };
    const attributes = [{ name: 'dtype', type: binding.TF_ATTR_TYPE, value: dtype }];
    Object.defineProperty(entry, 'id', {
      configurable: true,
      get: () => (current ??= binding.executeOp('ReadVariableOp', attributes, [resource], 1)[0]?.id ?? -1),
      set: (id: number) => {
        current = id;
      },
    });
  }
}
