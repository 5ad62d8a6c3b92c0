import * as tf from '@tensorflow/tfjs-core';
import type { AdamRates, AdamUpdater, MomentArrays, Parameter } from '../kernels.ts';
import { Attributes, type NativeBackend, type OpAttribute } from './native-backend.ts';
import { repoint } from './variable.ts';

/** Resource variables of one parameter: its value and its two moments. */
type Handles = readonly [value: tf.Tensor, first: tf.Tensor, second: tf.Tensor];

/**
 * Adam on TensorFlow's resource variables (ResourceApplyAdam), which own the parameters: the update is in place and
 * the tf.Variable shares the buffer. The kernel's own bias correction is switched off by powers of 0, because the
 * given rates hold it already, computed in double precision.
 */
export class NativeAdam implements AdamUpdater {
  readonly #backend: NativeBackend;
  readonly #parameters: readonly Parameter[];
  readonly #handles: readonly Handles[];
  readonly #constants: { readonly zero: tf.Tensor; readonly beta1: tf.Tensor; readonly beta2: tf.Tensor };
  readonly #applyAttributes: readonly OpAttribute[];
  readonly #attributes: Attributes;

  constructor(backend: NativeBackend, parameters: readonly Parameter[], beta1: number, beta2: number) {
    this.#backend = backend;
    this.#parameters = parameters;
    this.#attributes = new Attributes(backend.binding);
    const a = this.#attributes;
    this.#applyAttributes = [a.type(), a.bool('use_locking', false), a.bool('use_nesterov', false)];
    this.#constants = {
      zero: tf.keep(tf.scalar(0)),
      beta1: tf.keep(tf.scalar(beta1)),
      beta2: tf.keep(tf.scalar(beta2)),
    };
    this.#handles = parameters.map(({ variable }, i) => {
      const zeros = new Float32Array(variable.size);
      const value = variable.dataSync<'float32'>();
      return [
        this.#createHandle(variable.shape, `value${String(i)}`, value),
        this.#createHandle(variable.shape, `first${String(i)}`, zeros),
        this.#createHandle(variable.shape, `second${String(i)}`, zeros),
      ] as const;
    });
  }

  apply(gradients: readonly tf.Tensor[], { groupRates, epsilon }: AdamRates): void {
    const { zero, beta1, beta2 } = this.#constants;
    for (const [i, { variable, group }] of this.#parameters.entries()) {
      const handles = this.#handles[i];
      const gradient = gradients[i];
      const rate = groupRates[group];
      if (!handles || !gradient || !rate) throw new Error('a gradient or rate is missing');
      // Our reference to the buffer goes first: an update with a second owner would copy.
      tf.engine().disposeTensor(variable);
      this.#execute('ResourceApplyAdam', this.#applyAttributes, [
        ...handles,
        zero,
        zero,
        rate,
        beta1,
        beta2,
        epsilon,
        gradient,
      ]);
      repoint(variable, this.#readHandle(handles[0]));
    }
  }

  readMoments(): MomentArrays[] {
    return this.#handles.map(([, first, second]) => ({
      first: this.#values(first),
      second: this.#values(second),
    }));
  }

  writeMoments(moments: readonly MomentArrays[]): void {
    for (const [i, { first, second }] of moments.entries()) {
      const handles = this.#handles[i];
      const shape = this.#parameters[i]?.variable.shape;
      if (!handles || !shape) throw new RangeError('more moments than parameters');
      this.#assign(handles[1], shape, first);
      this.#assign(handles[2], shape, second);
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
    for (const handles of this.#handles) {
      for (const handle of handles) {
        this.#execute('DestroyResourceOp', [this.#attributes.bool('ignore_lookup_error', true)], [handle]);
        handle.dispose();
      }
    }
    tf.dispose(Object.values(this.#constants));
  }

  #createHandle(shape: number[], name: string, values: Float32Array): tf.Tensor {
    const a = this.#attributes;
    // The name of the first tensor of this optimiser tells two optimisers' variables apart.
    const sharedName = `plumage_${String(this.#constants.zero.id)}_${name}`;
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
