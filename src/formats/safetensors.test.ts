import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type NamedTensor,
  SafetensorsFile,
  SafetensorsWriter,
  decodeSafetensors,
  encodeSafetensors,
} from './safetensors.ts';

const tensors: NamedTensor[] = [
  { name: 'flags', dtype: 'U8', shape: [3], data: new Uint8Array([1, 0, 255]) },
  { name: 'vectors', dtype: 'F32', shape: [3, 2], data: new Float32Array([1, -2, 3.5, 4, 5, 6]) },
  { name: 'ids', dtype: 'I64', shape: [2], data: new BigInt64Array([-1n, 2n ** 40n]) },
  { name: 'wide', dtype: 'F64', shape: [], data: new Float64Array([Math.PI]) },
  { name: 'labels', dtype: 'I32', shape: [3], data: new Int32Array([7, -8, 9]) },
  { name: 'empty', dtype: 'F32', shape: [0, 4], data: new Float32Array(0) },
];

const withHeader = (header: unknown, dataBytes: number): Uint8Array => {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.byteLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  bytes.set(json, 8);
  return bytes;
};

describe('safetensors in memory', () => {
  it('gives back what was written, with metadata', () => {
    const read = decodeSafetensors(encodeSafetensors(tensors, { method: 'soft-triple', note: 'ä' }));
    expect([...read.tensors.values()]).toEqual(tensors);
    expect(read.metadata).toEqual({ method: 'soft-triple', note: 'ä' });
  });

  it('begins the data on a multiple of 8 bytes', () => {
    const bytes = encodeSafetensors(tensors, { a: 'b' });
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
  });

  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  it.each([
    ['fewer than 8 bytes', new Uint8Array(3), /shorter than 8 bytes/],
    ['a header longer than the file', withHeader('{}', 0).subarray(0, 9), /ends inside its header/],
    ['no JSON', withHeader('{nope', 0), /not JSON/],
    ['a list', withHeader([], 0), /not an object/],
    ['an unknown type', withHeader({ a: { ...entry, dtype: 'F7' } }, 8), /unknown type "F7"/],
    ['a negative size', withHeader({ a: { ...entry, shape: [-2] } }, 8), /no valid shape/],
    ['data that is cut off', withHeader({ a: entry }, 4), /outside the file/],
    [
      'a shape that does not fit',
      withHeader({ a: { ...entry, shape: [3] } }, 8),
      /8 bytes but its shape needs 12/,
    ],
    ['overlapping tensors', withHeader({ a: entry, b: entry }, 8), /"a" and "b" overlap/],
    ['metadata that is no text', withHeader({ __metadata__: { a: 1 } }, 0), /not a text/],
  ])('refuses %s with a sentence', (_, bytes, sentence) => {
    expect(() => decodeSafetensors(bytes)).toThrow(sentence);
  });
});

describe('safetensors on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumage-safetensors-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('streams values in pieces and reads single tensors and rows', async () => {
    const path = join(folder, 'pieces.safetensors');
    const writer = await SafetensorsWriter.create(path, tensors.slice(1, 3), { kind: 'test' });
    await writer.append(new Float32Array([1, -2, 3.5]));
    await writer.append(new Float32Array([4, 5, 6]));
    await writer.append(new BigInt64Array([-1n, 2n ** 40n]));
    await writer.finish();
    expect(new Uint8Array(await readFile(path))).toEqual(
      encodeSafetensors(tensors.slice(1, 3), { kind: 'test' }),
    );
    const file = await SafetensorsFile.open(path);
    expect(file.header.metadata).toEqual({ kind: 'test' });
    expect(await file.read('ids')).toEqual(new BigInt64Array([-1n, 2n ** 40n]));
    expect(await file.readRows('vectors', 1, 3)).toEqual(new Float32Array([3.5, 4, 5, 6]));
    await expect(file.readRows('vectors', 1, 4)).rejects.toThrow(/which has 3/);
    await expect(file.read('nothing')).rejects.toThrow(/no tensor "nothing"; it has vectors, ids/);
    await file.close();
  });

  it('refuses to finish while values are missing', async () => {
    const writer = await SafetensorsWriter.create(join(folder, 'short.safetensors'), tensors.slice(1, 2));
    await writer.append(new Float32Array(2));
    await expect(writer.finish()).rejects.toThrow(/16 bytes of values are missing/);
  });

  it('says that a cut-off file is cut off', async () => {
    const path = join(folder, 'cut.safetensors');
    await writeFile(path, encodeSafetensors(tensors).subarray(0, -4));
    await expect(SafetensorsFile.open(path)).rejects.toThrow(/cut off/);
  });
});
