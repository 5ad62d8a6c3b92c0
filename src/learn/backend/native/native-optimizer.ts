import * as tf from '@tensorflow/tfjs-core';
import type { DecayedParameter, Optimizer } from '../../optimizers/optimizer.ts';
import type { KernelInput, UpdateKernel, UpdateRule } from '../../optimizers/update-rule.ts';
import { addWeightDecay, decoupledDecay } from '../../optimizers/weight-decay.ts';
import { valuesOf } from '../composed-optimizer.ts';
import { Attributes, type NativeBackend, type OpAttribute } from './native-backend.ts';
import { repoint } from './variable.ts';

/** Resource variables of one parameter: its value, then its slots. */
type Handles = readonly [value: tf.Tensor, ...slots: tf.Tensor[]];

/**
 * An update rule as one kernel of TensorFlow a parameter, on resource variables that own the parameters: the update is
 * in place and the tf.Variable shares the buffer.
 */
export class NativeOptimizer implements Optimizer {
  readonly #backend: NativeBackend;
  readonly #parameters: readonly DecayedParameter[];
  readonly #rule: UpdateRule;
  readonly #kernel: UpdateKernel;
  readonly #handles: readonly Handles[];
  /** In the order of the kernel's inputs; null where the input is none. */
  readonly #constants: readonly (tf.Tensor | null)[];
  readonly #applyAttributes: readonly OpAttribute[];
  readonly #attributes: Attributes;

  constructor(
    backend: NativeBackend,
    parameters: readonly DecayedParameter[],
    rule: UpdateRule,
    kernel: UpdateKernel,
  ) {
    this.#backend = backend;
    this.#parameters = parameters;
    this.#rule = rule;
    this.#kernel = kernel;
    this.#attributes = new Attributes(backend.binding);
    const a = this.#attributes;
    this.#applyAttributes = [
      a.type(),
      ...Object.entries(kernel.switches).map(([name, on]) => a.bool(name, on)),
    ];
    this.#constants = kernel.inputs.map((input) =>
      typeof input === 'object' && 'constant' in input ? tf.keep(tf.scalar(input.constant)) : null,
    );
    // The number of a tensor made here tells two optimisers' variables apart.
    const mark = tf.tidy(() => tf.scalar(0).id);
    this.#handles = parameters.map(({ variable }, i) => {
      const create = (name: string, values: Float32Array): tf.Tensor =>
        this.#createHandle(variable.shape, `plumage_${String(mark)}_${name}${String(i)}`, values);
      const zeros = new Float32Array(variable.size);
      return [
        create('value', variable.dataSync<'float32'>()),
        ...rule.slots.map((slot) => create(slot, zeros)),
      ] as const;
    });
  }

  apply(gradients: readonly (tf.Tensor | null)[], numbers: readonly (readonly tf.Tensor[])[]): void {
    for (const [i, { variable, group, decay }] of this.#parameters.entries()) {
      const handles = this.#handles[i];
      const gradient = gradients[i];
      const own = numbers[group];
      if (gradient === null) continue;
      if (!gradient || !own || !handles) throw new Error('a gradient or the numbers of a group are missing');
      const decoupled = this.#rule.decoupledDecay;
      const slope = decoupled ? gradient : addWeightDecay(gradient, variable, decay);
      const taken =
        decoupled && decay !== 0 ? decoupledDecay(variable, own.at(-1) as tf.Tensor, decay) : null;
      // Our reference to the buffer goes first: an update with a second owner would copy.
      tf.engine().disposeTensor(variable);
      if (taken) this.#execute('AssignSubVariableOp', [this.#attributes.type('dtype')], [handles[0], taken]);
      const rest = this.#kernel.inputs.map((input, at) => this.#inputOf(input, at, slope, own));
      this.#execute(this.#kernel.name, this.#applyAttributes, [...handles, ...rest]);
      repoint(variable, this.#readHandle(handles[0]));
      if (slope !== gradient) slope.dispose();
      taken?.dispose();
    }
  }

  /** In one pass and without an array of the squares; the kernel gives half of it. */
  sumOfSquares(gradient: tf.Tensor): tf.Scalar {
    return tf.tidy(() => {
      const half = this.#backend.executeSingleOutput('L2Loss', [this.#attributes.type()], [gradient]);
      return tf.mul<tf.Scalar>(half, 2);
    });
  }

  readState(): Float32Array[][] {
    return this.#handles.map(([, ...slots]) => slots.map((slot) => this.#values(slot)));
  }

  writeState(state: readonly (readonly Float32Array[])[]): void {
    for (const [i, [, ...slots]] of this.#handles.entries()) {
      const { shape } = (this.#parameters[i] as DecayedParameter).variable;
      for (const [s, slot] of slots.entries()) this.#assign(slot, shape, valuesOf(state, i, s));
    }
  }

  writeParameter(index: number, values: Float32Array): void {
    const variable = this.#parameters[index]?.variable;
    const handles = this.#handles[index];
    if (!variable || !handles) throw new RangeError(`no parameter ${String(index)}`);
    tf.engine().disposeTensor(variable);
    this.#assign(handles[0], variable.shape, values);
    repoint(variable, this.#readHandle(handles[0]));
  }

  dispose(): void {
    for (const handle of this.#handles.flat()) {
      this.#execute('DestroyResourceOp', [this.#attributes.bool('ignore_lookup_error', true)], [handle]);
      handle.dispose();
    }
    tf.dispose(this.#constants.filter((constant) => constant !== null));
  }

  #inputOf(input: KernelInput, at: number, gradient: tf.Tensor, numbers: readonly tf.Tensor[]): tf.Tensor {
    if (input === 'gradient') return gradient;
    return ('number' in input ? numbers[input.number] : this.#constants[at]) as tf.Tensor;
  }

  #createHandle(shape: number[], sharedName: string, values: Float32Array): tf.Tensor {
    const a = this.#attributes;
    const attributes = [
      a.text('container', ''),
      a.text('shared_name', sharedName),
      a.type('dtype'),
      a.shape('shape', shape),
    ];
    const handle = tf.keep(this.#backend.executeSingleOutput('VarHandleOp', attributes, []));
    this.#assign(handle, shape, values);
    return handle;
  }

  #assign(handle: tf.Tensor, shape: number[], values: Float32Array): void {
    const tensor = tf.tensor(values.slice(), shape, 'float32');
    const a = this.#attributes;
    this.#execute('AssignVariableOp', [a.type('dtype'), a.bool('validate_shape', false)], [handle, tensor]);
    tensor.dispose();
  }

  #readHandle(handle: tf.Tensor): tf.Tensor {
    return this.#backend.executeSingleOutput('ReadVariableOp', [this.#attributes.type('dtype')], [handle]);
  }

  #values(handle: tf.Tensor): Float32Array {
    const tensor = this.#readHandle(handle);
    const values = tensor.dataSync<'float32'>().slice();
    tensor.dispose();
    return values;
  }

  #execute(name: string, attributes: readonly OpAttribute[], inputs: readonly tf.Tensor[]): void {
    this.#backend.binding.executeOp(name, attributes, this.#backend.getInputTensorIds(inputs), 0);
  }
}
