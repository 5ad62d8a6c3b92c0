import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend, TensorHandle } from '../native/native-backend.ts';
import {
  type Constant,
  attributeValue,
  constantValue,
  graphMessage,
  nodeMessage,
  shapeListValue,
  shapeValue,
  typeValue,
} from './graph-def.ts';
import { type Trace, contentKey } from './trace.ts';

const RESOURCE_DTYPE = 20;
/** Tensors from outside up to this size become constants of the graph. */
const BAKE_BYTES = 4096;
/** Operations whose type tfjs leaves to the eager runtime to infer from the first input. */
const INFERRED_TYPE: ReadonlySet<string> = new Set(['Identity', 'ExpandDims']);

/** Where the value of a graph input comes from at each call. */
export type Feed =
  | { readonly kind: 'argument'; readonly position: number }
  | { readonly kind: 'variable'; readonly variable: tf.Variable }
  | { readonly kind: 'outside'; readonly handle: number };

/** A variable whose value is that of a resource: `ResourceApplyAdam` and its kind update it in place. */
export interface View {
  readonly variable: tf.Variable;
  readonly resource: number;
  readonly dtype: number;
  readonly shape: readonly number[];
}

export interface BuiltGraph {
  readonly graph: Uint8Array;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly controls: string[];
  readonly feeds: readonly Feed[];
  readonly views: readonly View[];
  /** Variables that were assigned: their new values follow the function's own outputs. */
  readonly carried: readonly tf.Variable[];
  /** Extra references that must live as long as the function. */
  readonly held: readonly number[];
}

export interface ArgumentInfo {
  readonly dtype: number;
  readonly shape: readonly number[];
}

interface ResourceState {
  read: string | null;
  lastWrite: string | null;
  /** Nodes that looked at the value since it was last written. */
  users: string[];
}

/** Makes a graph of a trace: its operations as nodes, in their order only where they touch the same resource. */
export class GraphBuilder {
  readonly #backend: NativeBackend;
  readonly #trace: Trace;
  readonly #argInfo: readonly ArgumentInfo[];
  readonly #nodes: Uint8Array[] = [];
  readonly #inputs: string[] = [];
  readonly #feeds: Feed[] = [];
  readonly #inputOf = new Map<string, string>();
  readonly #constantOf = new Map<string, string>();
  readonly #outside = new Map<number, TensorHandle>();
  readonly #resources = new Map<number, ResourceState>();
  readonly #viewOf = new Map<number, View>();
  /** Tensor that shows a resource's value, so that its users count as users of the resource. */
  readonly #shows = new Map<number, ResourceState>();
  #count = 0;

  constructor(backend: NativeBackend, trace: Trace, argInfo: readonly ArgumentInfo[]) {
    this.#backend = backend;
    this.#trace = trace;
    this.#argInfo = argInfo;
  }

  /**
   * @param results   handles of what the function returned
   * @param endHandle handle of a variable's value after the function ran
   */
  build(results: readonly number[], endHandle: (variable: tf.Variable) => number): BuiltGraph {
    const carried = this.#sortVariables(endHandle);
    const ends = [...results, ...carried.map(endHandle)];
    const live = this.#liveOps(ends);
    const controls: string[] = [];
    for (const op of live) if (this.#addOp(op)) controls.push(nodeName(op));
    const outputs = ends.map((handle) => this.#addIdentity(handle));
    return {
      graph: graphMessage(this.#nodes),
      inputs: this.#inputs,
      outputs,
      controls,
      feeds: this.#feeds,
      views: [...this.#viewOf.values()],
      carried,
      held: [...this.#outside.values()].map(({ id }) => id),
    };
  }

  #sortVariables(endHandle: (variable: tf.Variable) => number): tf.Variable[] {
    const { variables, origins, ops } = this.#trace;
    const carried: tf.Variable[] = [];
    for (const [start, variable] of variables) {
      const end = endHandle(variable);
      if (end === start) continue;
      const origin = origins.get(end);
      const op = origin && ops[origin.op];
      const resource = op?.inputs[0];
      if (origin && op?.name === 'ReadVariableOp' && resource !== undefined && !origins.has(resource)) {
        this.#viewOf.set(start, { variable, resource, dtype: origin.dtype, shape: origin.shape });
      } else carried.push(variable);
    }
    return carried;
  }

  /** Operations that the results or a state depend on, in order. */
  #liveOps(ends: readonly number[]): number[] {
    const { ops, origins } = this.#trace;
    const live = new Set<number>();
    const pending = [...ends];
    for (const [i, op] of ops.entries()) {
      if (!this.#isStateful(i)) continue;
      live.add(i);
      pending.push(...op.inputs);
    }
    for (let handle = pending.pop(); handle !== undefined; handle = pending.pop()) {
      const origin = origins.get(handle);
      if (!origin || live.has(origin.op)) continue;
      live.add(origin.op);
      pending.push(...(ops[origin.op]?.inputs ?? []));
    }
    return [...live].sort((a, b) => a - b);
  }

  #isStateful(index: number): boolean {
    const op = this.#trace.ops[index];
    if (!op || op.name === 'ReadVariableOp') return false;
    return op.outputs.length === 0 || op.inputs.some((handle) => this.#isResource(handle));
  }

  #isResource(handle: number): boolean {
    const { origins, constants, args, variables } = this.#trace;
    const origin = origins.get(handle);
    if (origin) return origin.dtype === RESOURCE_DTYPE;
    if (constants.has(handle) || args.has(handle) || variables.has(handle)) return false;
    return this.#outsideInfo(handle).dtype === RESOURCE_DTYPE;
  }

  /** @returns whether it changes a state and so must run though nothing may use its outputs */
  #addOp(index: number): boolean {
    const op = this.#trace.ops[index];
    if (!op) return false;
    const name = nodeName(index);
    const stateful = this.#isStateful(index);
    const inputs = op.inputs.map((handle) => this.#reference(handle));
    const before = new Set<string>();
    for (const handle of op.inputs) {
      this.#shows.get(handle)?.users.push(name);
      if (!this.#isResource(handle)) continue;
      const resource = this.#resourceOf(handle);
      if (resource.lastWrite) before.add(`^${resource.lastWrite}`);
      if (stateful) {
        for (const user of resource.users) before.add(`^${user}`);
        resource.users = [];
        resource.lastWrite = name;
      } else {
        resource.users.push(name);
        for (const output of op.outputs) this.#shows.set(output, resource);
      }
    }
    before.delete(`^${name}`);
    const attributes = op.attributes.map((a) => [a.name, attributeValue(this.#backend.binding, a)] as const);
    const missing = INFERRED_TYPE.has(op.name) && !op.attributes.some((a) => a.name === 'T');
    const inferred = missing ? [['T', typeValue(this.#dtypeOf(op.inputs[0] as number))] as const] : [];
    this.#nodes.push(nodeMessage(name, op.name, [...inputs, ...before], [...attributes, ...inferred]));
    return stateful;
  }

  #addIdentity(handle: number): string {
    const name = this.#fresh('i');
    this.#nodes.push(
      nodeMessage(name, 'Identity', [this.#reference(handle)], [['T', typeValue(this.#dtypeOf(handle))]]),
    );
    return `${name}:0`;
  }

  #reference(handle: number): string {
    const { origins, constants, args, variables } = this.#trace;
    const origin = origins.get(handle);
    if (origin) return `${nodeName(origin.op)}:${String(origin.output)}`;
    const constant = constants.get(handle);
    if (constant) return this.#constant(constant);
    const position = args.get(handle);
    if (position !== undefined) {
      const info = this.#argInfo[position] as ArgumentInfo;
      return this.#input(`argument ${String(position)}`, info.dtype, info.shape, {
        kind: 'argument',
        position,
      });
    }
    const view = this.#viewOf.get(handle);
    if (view) return this.#readResource(handle, view);
    const variable = variables.get(handle);
    if (variable) {
      const dtype = this.#backend.getDTypeInteger(variable.dtype);
      return this.#input(`variable ${String(variable.id)}`, dtype, variable.shape, {
        kind: 'variable',
        variable,
      });
    }
    return this.#referenceOutside(handle);
  }

  #referenceOutside(handle: number): string {
    const { id, dtype, shape } = this.#outsideInfo(handle);
    const { binding } = this.#backend;
    const bytes = shape.reduce((product, size) => product * size, 4);
    if ((dtype === binding.TF_FLOAT || dtype === binding.TF_INT32) && bytes <= BAKE_BYTES) {
      const values = binding.tensorDataSync(id);
      const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
      return this.#constant({ dtype, shape, data });
    }
    return this.#input(`outside ${String(handle)}`, dtype, shape, { kind: 'outside', handle: id });
  }

  #readResource(handle: number, { resource, dtype, shape }: View): string {
    const state = this.#resourceOf(resource);
    if (!state.read) {
      state.read = this.#fresh('r');
      const attributes = [
        ['dtype', typeValue(dtype)],
        ['_output_shapes', shapeListValue(shape)],
      ] as const;
      this.#nodes.push(nodeMessage(state.read, 'ReadVariableOp', [this.#reference(resource)], attributes));
      state.users.push(state.read);
    }
    this.#shows.set(handle, state);
    return `${state.read}:0`;
  }

  #input(key: string, dtype: number, shape: readonly number[], feed: Feed): string {
    const known = this.#inputOf.get(key);
    if (known) return known;
    const name = this.#fresh('a');
    const shapes = [
      ['shape', shapeValue(shape)],
      ['_output_shapes', shapeListValue(shape)],
    ] as const;
    const attributes = [['dtype', typeValue(dtype)] as const, ...(dtype === RESOURCE_DTYPE ? [] : shapes)];
    this.#nodes.push(nodeMessage(name, 'Placeholder', [], attributes));
    this.#inputs.push(`${name}:0`);
    this.#feeds.push(feed);
    this.#inputOf.set(key, name);
    return name;
  }

  #constant(constant: Constant): string {
    const key = `${String(constant.dtype)} [${constant.shape.join()}] ${contentKey(constant.data)}`;
    let name = this.#constantOf.get(key);
    if (!name) {
      name = this.#fresh('c');
      const attributes = [
        ['dtype', typeValue(constant.dtype)],
        ['value', constantValue(constant)],
      ] as const;
      this.#nodes.push(nodeMessage(name, 'Const', [], attributes));
      this.#constantOf.set(key, name);
    }
    return `${name}:0`;
  }

  #dtypeOf(handle: number): number {
    const { origins, constants, args, variables } = this.#trace;
    const position = args.get(handle);
    const variable = variables.get(handle);
    return (
      origins.get(handle)?.dtype ??
      constants.get(handle)?.dtype ??
      (position === undefined ? undefined : this.#argInfo[position]?.dtype) ??
      (variable ? this.#backend.getDTypeInteger(variable.dtype) : this.#outsideInfo(handle).dtype)
    );
  }

  /** A reference of our own to a tensor from outside, so that it outlives its owner. */
  #outsideInfo(handle: number): TensorHandle {
    const known = this.#outside.get(handle);
    if (known) return known;
    const [info] = this.#backend.binding.executeOp('Identity', [], [handle], 1);
    if (!info) throw new Error('a tensor from outside the recording is gone');
    this.#outside.set(handle, info);
    return info;
  }

  #resourceOf(handle: number): ResourceState {
    let state = this.#resources.get(handle);
    if (!state) this.#resources.set(handle, (state = { read: null, lastWrite: null, users: [] }));
    return state;
  }

  #fresh(prefix: string): string {
    return `${prefix}${String(this.#count++)}`;
  }
}

const nodeName = (op: number): string => `n${String(op)}`;
