import * as tf from '@tensorflow/tfjs-core';

/** An operation's attribute as the addon takes it; `type` is one of the binding's TF_ATTR_ numbers. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What an executed operation returns for each output. */
export interface TensorHandle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The addon's calls that are used here; `addFunction` exists where the addon was built with graph functions. */
export interface NativeBinding {
  createTensor(shape: number[], dtype: number, values: ArrayBufferView | string[]): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs: number,
  ): TensorHandle[];
  getNumOfTensors(): number;
  addFunction?(
    name: string,
    graph: Uint8Array,
    inputs: string[],
    outputs: string[],
    controls: string[],
  ): void;
  removeFunction?(name: string): void;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_Version: string;
}

/** The part of tfjs-node's backend object that the native kernels call. */
export interface NativeBackend {
  binding: NativeBinding;
  readonly isUsingGpuDevice: boolean;
  readonly tensorMap: {
    get(dataId: object): { id: number; dtype: number; shape: number[]; values: unknown };
  };
  executeSingleOutput(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.Tensor[],
  ): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(handle: TensorHandle): tf.Tensor;
  getDTypeInteger(dtype: tf.DataType): number;
}

/** The active backend, if it is TensorFlow's. */
export function activeNativeBackend(): NativeBackend {
  if (tf.getBackend() !== 'tensorflow')
    throw new Error(`the native kernels need TensorFlow, not ${tf.getBackend()}`);
  return tf.backend() as unknown as NativeBackend;
}

/** Makes attributes of the kinds that operations take. */
export class Attributes {
  readonly #binding: NativeBinding;

  constructor(binding: NativeBinding) {
    this.#binding = binding;
  }

  type(name = 'T', value: number | number[] = this.#binding.TF_FLOAT): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_TYPE, value };
  }

  text(name: string, value: string | string[]): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_STRING, value };
  }

  int(name: string, value: number | number[]): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_INT, value };
  }

  float(name: string, value: number): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_FLOAT, value };
  }

  bool(name: string, value: boolean): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_BOOL, value };
  }

  shape(name: string, value: number[]): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_SHAPE, value };
  }
}
