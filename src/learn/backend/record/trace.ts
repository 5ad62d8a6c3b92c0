import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend, NativeBinding, OpAttribute, TensorHandle } from '../native/native-backend.ts';
import type { Constant } from './graph-def.ts';

/** One executed operation. */
export interface TracedOp {
  readonly name: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** Which operation made a tensor, and as which of its outputs. */
export interface Origin {
  readonly op: number;
  readonly output: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** What passes through the addon while a function runs: operations in order, and values that JavaScript made. */
export class Trace {
  readonly ops: TracedOp[] = [];
  readonly origins = new Map<number, Origin>();
  readonly constants = new Map<number, Constant & { readonly key: string }>();
  /** Handle to position of the function's arguments. */
  readonly args: ReadonlyMap<number, number>;
  /** Handle at the start to variable. */
  readonly variables: ReadonlyMap<number, tf.Variable>;
  /** Why the function cannot be recorded; null where it can. */
  obstacle: string | null = null;

  constructor(argHandles: readonly number[], variables: ReadonlyMap<number, tf.Variable>) {
    this.args = new Map(argHandles.map((handle, position) => [handle, position]));
    this.variables = variables;
  }

  /** Runs `run` eagerly with the backend's addon replaced by one that takes notes. */
  run<T>(backend: NativeBackend, run: () => T): T {
    const binding = backend.binding;
    backend.binding = this.#noting(binding);
    try {
      return run();
    } finally {
      backend.binding = binding;
    }
  }

  /** The trace with handles replaced by what they stand for: equal texts, equal computations. */
  signature(): string[] {
    return this.ops.map(({ name, attributes, inputs }) => {
      const settings = attributes.map((a) => `${a.name}=${JSON.stringify(a.value)}`).join();
      return `${name}|${settings}|${inputs.map((handle) => this.#nameOf(handle)).join()}`;
    });
  }

  #nameOf(handle: number): string {
    const origin = this.origins.get(handle);
    if (origin) return `${String(origin.op)}:${String(origin.output)}`;
    const constant = this.constants.get(handle);
    if (constant) return `constant ${constant.key}`;
    const position = this.args.get(handle);
    if (position !== undefined) return `argument ${String(position)}`;
    return `outside ${this.variables.get(handle)?.name ?? String(handle)}`;
  }

  #noting(binding: NativeBinding): NativeBinding {
    const executeOp: NativeBinding['executeOp'] = (name, attributes, inputs, count) => {
      const made = binding.executeOp(name, attributes, inputs, count);
      this.#note(name, attributes, inputs, made);
      return made;
    };
    const createTensor: NativeBinding['createTensor'] = (shape, dtype, values) => {
      const handle = binding.createTensor(shape, dtype, values);
      if (ArrayBuffer.isView(values)) this.#noteConstant(handle, shape, dtype, values);
      else this.obstacle ??= 'it makes a tensor of texts';
      return handle;
    };
    const tensorDataSync: NativeBinding['tensorDataSync'] = (handle) => {
      this.obstacle ??= 'it reads a value while it runs';
      return binding.tensorDataSync(handle);
    };
    const replaced = { executeOp, createTensor, tensorDataSync };
    // The addon's own properties are read-only, so they are shadowed.
    const shadows = Object.fromEntries(Object.entries(replaced).map(([key, value]) => [key, { value }]));
    return Object.create(binding, shadows) as NativeBinding;
  }

  #note(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    made: readonly TensorHandle[],
  ): void {
    const op = this.ops.length;
    this.ops.push({
      name,
      attributes: [...attributes],
      inputs: [...inputs],
      outputs: made.map(({ id }) => id),
    });
    for (const [output, { id, dtype, shape }] of made.entries())
      this.origins.set(id, { op, output, dtype, shape });
  }

  #noteConstant(handle: number, shape: number[], dtype: number, values: ArrayBufferView): void {
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
    const key = `${String(dtype)} [${shape.join()}] ${contentKey(data)}`;
    this.constants.set(handle, { shape: [...shape], dtype, data, key });
  }
}

/** Short arrays as they are, long ones as two independent 32-bit hashes (FNV-1a and a multiplicative one). */
export function contentKey(data: Uint8Array): string {
  if (data.byteLength <= 64) return data.join();
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const byte of data) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b + byte + 1, 0x85ebca6b) ^ (b >>> 13);
  }
  return `${String(data.byteLength)}:${String(a >>> 0)}:${String(b >>> 0)}`;
}
