import type { NativeBinding, OpAttribute } from '../native/native-backend.ts';
import { bytesField, concatBytes, floatBytes, floatField, intField, varint } from './protobuf.ts';

/*
 * Messages of TensorFlow's graph.proto, node_def.proto, attr_value.proto, tensor.proto and tensor_shape.proto; the
 * numbers are their field numbers.
 */

/** Version of the graph format that TensorFlow 2.21 writes. */
const PRODUCER = 1882;

/** Values that do not change, by content. */
export interface Constant {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export type NodeAttribute = readonly [name: string, value: Uint8Array];

const shapeMessage = (shape: readonly number[]): Uint8Array =>
  concatBytes(shape.map((size) => bytesField(2, intField(1, size))));

export const typeValue = (dtype: number): Uint8Array => intField(6, dtype);
export const shapeValue = (shape: readonly number[]): Uint8Array => bytesField(7, shapeMessage(shape));
export const shapeListValue = (shape: readonly number[]): Uint8Array => bytesField(1, shapeValue(shape));

export const constantValue = ({ dtype, shape, data }: Constant): Uint8Array =>
  bytesField(8, concatBytes([intField(1, dtype), bytesField(2, shapeMessage(shape)), bytesField(4, data)]));

/** An attribute as the addon was given it, as a graph has it. */
export function attributeValue(binding: NativeBinding, { name, type, value }: OpAttribute): Uint8Array {
  const list = Array.isArray(value) ? (value as unknown[]) : null;
  switch (type) {
    case binding.TF_ATTR_STRING:
      return list
        ? bytesField(1, concatBytes(list.map((text) => bytesField(2, text as string))))
        : bytesField(2, value as string | Uint8Array);
    case binding.TF_ATTR_INT:
      return list
        ? bytesField(1, bytesField(3, concatBytes(list.map((int) => varint(int as number)))))
        : intField(3, value as number);
    case binding.TF_ATTR_FLOAT:
      return list
        ? bytesField(1, bytesField(4, concatBytes(list.map((float) => floatBytes(float as number)))))
        : floatField(4, value as number);
    case binding.TF_ATTR_BOOL:
      return list
        ? bytesField(1, bytesField(5, concatBytes(list.map((bool) => varint(Number(bool))))))
        : intField(5, Number(value));
    case binding.TF_ATTR_TYPE:
      return list
        ? bytesField(1, bytesField(6, concatBytes(list.map((dtype) => varint(dtype as number)))))
        : typeValue(value as number);
    case binding.TF_ATTR_SHAPE:
      return shapeValue(value as number[]);
    default:
      throw new Error(`attribute ${name} has a kind that a graph cannot hold`);
  }
}

export const nodeMessage = (
  name: string,
  op: string,
  inputs: readonly string[],
  attributes: readonly NodeAttribute[],
): Uint8Array =>
  bytesField(
    1,
    concatBytes([
      bytesField(1, name),
      bytesField(2, op),
      ...inputs.map((input) => bytesField(3, input)),
      ...attributes.map(([key, value]) =>
        bytesField(5, concatBytes([bytesField(1, key), bytesField(2, value)])),
      ),
    ]),
  );

export const graphMessage = (nodes: readonly Uint8Array[]): Uint8Array =>
  concatBytes([...nodes, bytesField(4, intField(1, PRODUCER))]);
