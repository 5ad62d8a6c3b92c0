import { SafetensorsFile, type TensorDtype, bytesOf } from '../safetensors.ts';
import { unreadable } from '../unreadable.ts';
import { type ElementType, toFloat32 } from './element-type.ts';
import { type WeightEntry, type WeightFile, entryOf } from './weight-file.ts';

const TYPES: Readonly<Record<TensorDtype, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

/** Weights in a safetensors file. @throws UserError bad-input with what is wrong */
export async function openSafetensorsWeights(path: string): Promise<WeightFile> {
  const file = await SafetensorsFile.open(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  const entries = new Map<string, WeightEntry>();
  for (const { name, shape, dtype } of file.header.tensors.values())
    entries.set(name, { name, shape, type: TYPES[dtype] });
  return {
    format: 'safetensors',
    path,
    entries,
    notes: [],
    read: async (name) => {
      const { type } = entryOf(entries, name, path);
      const data = await file.read(name);
      return data instanceof Float32Array ? data : toFloat32(bytesOf(data), type);
    },
    close: () => file.close(),
  };
}
