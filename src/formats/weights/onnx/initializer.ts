import type { ElementType } from '../element-type.ts';
import { refuse } from '../weight-file.ts';
import type { Field, ProtoReader } from './proto-reader.ts';

/** Where the values of an initialiser are. */
export type ValuePlace =
  | { readonly kind: 'raw'; readonly from: number; readonly to: number }
  /** Fields of numbers: packed floats or doubles, or integers of any length. */
  | { readonly kind: 'numbers'; readonly wire: 'fixed' | 'varint'; readonly ranges: readonly Field[] }
  | { readonly kind: 'external'; readonly facts: ReadonlyMap<string, string> }
  | { readonly kind: 'none' };

export interface Initializer {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly place: ValuePlace;
}

/** `TensorProto.DataType`. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
};

const FIELD = {
  dims: 1,
  dataType: 2,
  floats: 4,
  int32s: 5,
  int64s: 7,
  name: 8,
  raw: 9,
  doubles: 10,
  uint64s: 11,
  external: 13,
  location: 14,
};
const EXTERNAL_LOCATION = 1n;

/** Reads a `TensorProto` up to its values; null where it is of a type without numbers. */
export async function readInitializer(proto: ProtoReader, message: Field): Promise<Initializer | null> {
  const shape: number[] = [];
  let dataType = 0;
  let name = '';
  let isExternal = false;
  let raw: ValuePlace | null = null;
  const facts = new Map<string, string>();
  const numbers: Field[] = [];
  for await (const field of proto.fields(message.from, message.to)) {
    if (field.number === FIELD.dims) shape.push(...(await integersOf(proto, field)));
    else if (field.number === FIELD.dataType) dataType = Number(field.value);
    else if (field.number === FIELD.name) name = await proto.text(field);
    else if (field.number === FIELD.raw) raw = { kind: 'raw', from: field.from, to: field.to };
    else if (field.number === FIELD.external) facts.set(...(await pairOf(proto, field)));
    else if (field.number === FIELD.location) isExternal = field.value === EXTERNAL_LOCATION;
    else if ([FIELD.floats, FIELD.int32s, FIELD.int64s, FIELD.doubles, FIELD.uint64s].includes(field.number))
      numbers.push(field);
  }
  const type = TYPES[dataType];
  if (!type) return null;
  return { name, shape, type, place: placeOf() };

  function placeOf(): ValuePlace {
    if (isExternal) return { kind: 'external', facts };
    if (raw) return raw;
    if (numbers.length === 0) return { kind: 'none' };
    // Halves stand in int32 fields as their bits; integers as variable-length numbers.
    const isFixed = numbers.every(({ number }) => number === FIELD.floats || number === FIELD.doubles);
    return { kind: 'numbers', wire: isFixed ? 'fixed' : 'varint', ranges: numbers };
  }
}

/** Numbers of a repeated integer field, alone or packed. */
export async function integersOf(proto: ProtoReader, field: Field): Promise<number[]> {
  if (field.wire === 0) return [Number(BigInt.asIntN(64, field.value))];
  const values: number[] = [];
  for (let at = field.from; at < field.to;) {
    const [value, next] = await proto.varint(at, field.to);
    values.push(Number(BigInt.asIntN(64, value)));
    at = next;
  }
  return values;
}

async function pairOf(proto: ProtoReader, message: Field): Promise<[key: string, value: string]> {
  const texts: [string, string] = ['', ''];
  for await (const field of proto.fields(message.from, message.to)) {
    if (field.number === 1) texts[0] = await proto.text(field);
    else if (field.number === 2) texts[1] = await proto.text(field);
  }
  if (texts[0] === '') return refuse(proto.file.path, 'an array in another file is described without a key.');
  return texts;
}
