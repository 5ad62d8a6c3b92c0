import { UserError } from '#shared/rpc/errors.ts';
import { BYTES_OF, type ElementType } from './element-type.ts';

/** The kinds of file that trained arrays come in. */
export type WeightFormat = 'safetensors' | 'pytorch' | 'keras-h5' | 'tfjs' | 'onnx';

export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
}

/** An open file of named arrays. Arrays are read one at a time, so that a large file is never in memory whole. */
export interface WeightFile {
  readonly format: WeightFormat;
  readonly path: string;
  readonly entries: ReadonlyMap<string, WeightEntry>;
  /** What a person should know of how the file was read: the key that the arrays lay under, what was left out. */
  readonly notes: readonly string[];
  /** Values as float32, row-major. @throws UserError bad-input where there is no such array or its bytes are cut off */
  read(name: string): Promise<Float32Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A sentence that names the file, what is wrong with it, and what to do. */
export function refuse(path: string, sentence: string): never {
  throw new UserError('bad-input', `${path} cannot be read as weights: ${sentence}`);
}

/** No array of a network has more dimensions or elements than these; a file that says so lies. */
const MOST_AXES = 16;
const MOST_ELEMENTS = 2 ** 31;

/** Elements of a shape that a file gives. @throws UserError bad-input where it is no shape of an array */
export function elementsOf(shape: readonly number[], path: string, name: string): number {
  let product = 1;
  if (shape.length > MOST_AXES) refuse(path, `the array "${name}" has ${String(shape.length)} axes.`);
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0)
      refuse(path, `the array "${name}" has no valid shape [${shape.join(', ')}].`);
    product *= size;
    if (product > MOST_ELEMENTS)
      refuse(path, `the array "${name}" of shape [${shape.join(', ')}] is too large to be a weight.`);
  }
  return product;
}

export const bytesOfShape = (
  shape: readonly number[],
  type: ElementType,
  path: string,
  name: string,
): number => elementsOf(shape, path, name) * BYTES_OF[type];

/** The entry of that name. @throws UserError bad-input */
export function entryOf<T>(entries: ReadonlyMap<string, T>, name: string, path: string): T {
  return entries.get(name) ?? refuse(path, `it has no array "${name}".`);
}
