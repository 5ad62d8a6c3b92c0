import { BYTES_OF, type ElementType, toFloat32 } from '../element-type.ts';
import type { FileBytes } from '../file-bytes.ts';
import { elementsOf, refuse } from '../weight-file.ts';

/** A run of values in the file that tensors are views of. */
export interface Storage {
  readonly key: string;
  readonly type: ElementType;
  /** Values, as the pickle says. */
  readonly length: number;
}

/** A tensor as the pickle describes it: a strided view of a storage, sizes and strides counted in values. */
export class Tensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** Where a storage's values lie in the file. */
export interface StoredRange {
  readonly from: number;
  readonly bytes: number;
}

/**
 * Checks that a tensor lies in its storage, before anything of its size is made.
 * @returns the last value that it touches plus one, counted from its offset
 */
export function extentOf(tensor: Tensor, path: string, name: string): number {
  const { storage, offset, shape, strides } = tensor;
  const elements = elementsOf(shape, path, name);
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  if (strides.length !== shape.length || !strides.every(isCount) || !isCount(offset))
    refuse(path, `the tensor "${name}" has strides that no tensor has.`);
  if (elements === 0) return 0;
  const extent = shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 1);
  if (offset + extent > storage.length)
    refuse(path, `the tensor "${name}" reaches beyond its storage. The file is damaged: fetch it again.`);
  if (elements > storage.length)
    refuse(
      path,
      `the tensor "${name}" repeats values of a smaller storage. Save it after ".contiguous()" in PyTorch.`,
    );
  return extent;
}

/** A tensor's values, row-major. Only the span that it touches is read. */
export async function readTensor(
  file: FileBytes,
  range: StoredRange,
  tensor: Tensor,
  name: string,
  littleEndian: boolean,
): Promise<Float32Array<ArrayBuffer>> {
  const { storage, offset, shape, strides } = tensor;
  const extent = extentOf(tensor, file.path, name);
  const width = BYTES_OF[storage.type];
  if ((offset + extent) * width > range.bytes)
    refuse(
      file.path,
      `the values of "${name}" are shorter than the tensor says. The file is cut off or damaged: fetch it again.`,
    );
  const bytes = await file.read(range.from + offset * width, extent * width, `the tensor "${name}"`);
  const span = toFloat32(bytes, storage.type, littleEndian);
  return isContiguous(shape, strides) ? span : gathered(span, shape, strides);
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

function gathered(
  span: Float32Array,
  shape: readonly number[],
  strides: readonly number[],
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  const place = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = span[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      from -= shape[axis]! * strides[axis]!;
      place[axis] = 0;
    }
  }
  return values;
}
