import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csvRow, parseCsv } from './csv.ts';
import { readLabeledVectors } from './labeled-vectors.ts';
import { readLabels } from './labels.ts';
import { type NpyArray, encodeNpy, readNpy } from './npy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-arrays-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Uint8Array | readonly Uint8Array[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(
    path,
    content instanceof Uint8Array || typeof content === 'string' ? content : Buffer.concat(content),
  );
  return path;
}

const npy = (name: string, array: NpyArray) => file(name, encodeNpy(array));
/** A header as another program may write it. */
function foreign(dictionary: string, data: Uint8Array, version = 1): Uint8Array {
  const text = new TextEncoder().encode(dictionary);
  const head =
    version === 1
      ? [version, 0, text.length & 255, text.length >> 8]
      : [version, 0, text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...Buffer.from('NUMPY'), ...head, ...text, ...data]);
}

test('npy comes back as it was written', async () => {
  for (const array of [
    { type: 'f4', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -6.5) },
    { type: 'f8', shape: [2], data: Float64Array.of(Math.PI, -1e300) },
    { type: 'i8', shape: [2], data: BigInt64Array.of(-5n, 2n ** 40n) },
    { type: 'u1', shape: [3, 1], data: Uint8Array.of(1, 2, 255) },
  ] satisfies NpyArray[]) {
    expect(await readNpy(await npy('round.npy', array))).toEqual(array);
  }
});

test('npy of other programs: version 2, column-major, big-endian, double quotes', async () => {
  const columns = foreign(
    "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n",
    new Uint8Array(Int32Array.of(1, 4, 2, 5, 3, 6).buffer),
    2,
  );
  expect((await readNpy(await file('f.npy', columns))).data).toEqual(Int32Array.of(1, 2, 3, 4, 5, 6));
  const big = foreign("{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }", Uint8Array.of(1, 2, 0, 3));
  expect((await readNpy(await file('b.npy', big))).data).toEqual(Int16Array.of(258, 3));
  const quoted = foreign(
    '{"descr": "<u2", "fortran_order": False, "shape": (2,)}',
    Uint8Array.of(2, 1, 3, 0),
  );
  expect((await readNpy(await file('q.npy', quoted))).data).toEqual(Uint16Array.of(258, 3));
});

test('malformed npy is refused with a sentence', async () => {
  const whole = Buffer.concat(encodeNpy({ type: 'f4', shape: [2, 2], data: new Float32Array(4) }));
  await expect(readNpy(await file('cut.npy', whole.subarray(0, -1)))).rejects.toThrow('ends too early');
  await expect(readNpy(await file('head.npy', whole.subarray(0, 20)))).rejects.toThrow('ends too early');
  await expect(readNpy(await file('empty.npy', ''))).rejects.toThrow('no npy file');
  await expect(readNpy(await file('png.npy', 'PNG, not numbers'))).rejects.toThrow('no npy file');
  const object = foreign("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(8));
  await expect(readNpy(await file('object.npy', object))).rejects.toThrow('cannot be read');
  const huge = foreign(
    "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 99999999), }",
    new Uint8Array(8),
  );
  await expect(readNpy(await file('huge.npy', huge))).rejects.toThrow('ends too early');
  const half = foreign("{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }", new Uint8Array(2));
  await expect(readNpy(await file('half.npy', half))).rejects.toThrow('"f2"');
  await expect(readNpy(join(folder, 'none.npy'))).rejects.toThrow('There is no file');
  await expect(readNpy(folder)).rejects.toThrow('is a folder');
});

test('any bytes after the magic are read or refused, never anything else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
      const path = await file('any.npy', Uint8Array.from([0x93, ...Buffer.from('NUMPY'), ...bytes]));
      await readNpy(path).catch((error: Error) => expect(error.name).toBe('UserError'));
    }),
    { numRuns: 60 },
  );
});

test('CSV comes back as it was written, whatever the cells hold', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '='), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }), (rows) => {
      expect(parseCsv(rows.map(csvRow).join(''))).toEqual(rows);
    }),
  );
});

test('CSV of other programs: LF, CR, no last line end, byte-order mark, empty lines', () => {
  expect(parseCsv('\uFEFFa,b\n\n1,\r2,"x ""y"""')).toEqual([
    ['a', 'b'],
    ['1', ''],
    ['2', 'x "y"'],
  ]);
  expect(parseCsv('a,')).toEqual([['a', '']]);
  expect(() => parseCsv('a\n"b')).toThrow('line 2: a quoted cell is never closed');
  expect(() => parseCsv('"a\nb",c\n"d"e')).toThrow('line 3: text stands behind a closing quote');
});

test('labels from npy, CSV with and without heading, and JSON are the same', async () => {
  const same = { labels: Int32Array.of(0, 1, 0), names: ['7', '3'] };
  expect(
    await readLabels(await npy('l.npy', { type: 'i8', shape: [3], data: BigInt64Array.of(7n, 3n, 7n) })),
  ).toEqual(same);
  expect(
    await readLabels(await npy('l4.npy', { type: 'i4', shape: [3, 1], data: Int32Array.of(7, 3, 7) })),
  ).toEqual(same);
  expect(await readLabels(await file('l.csv', '7\n3\n7\n'))).toEqual(same);
  expect(await readLabels(await file('m.csv', 'path,label\na.png,7\nb.png,3\nc.png,7'))).toEqual(same);
  expect(await readLabels(await file('l.json', '["7","3",7]'))).toEqual(same);
  expect(await readLabels(await file('o.json', '{"labels": [7, 3, 7]}'))).toEqual(same);
});

test('labels that do not fit are refused with a sentence', async () => {
  await expect(
    readLabels(await npy('f.npy', { type: 'f4', shape: [1], data: new Float32Array(1) })),
  ).rejects.toThrow('float labels');
  await expect(
    readLabels(await npy('s.npy', { type: 'i4', shape: [2, 2], data: new Int32Array(4) })),
  ).rejects.toThrow('(2, 2)');
  await expect(readLabels(await file('x.json', '["a", '))).rejects.toThrow('no valid JSON');
  await expect(readLabels(await file('y.json', '["a", null]'))).rejects.toThrow('label 1');
  await expect(readLabels(await file('z.csv', 'a,b\n1,2'))).rejects.toThrow('none is headed "label"');
  await expect(readLabels(await file('w.csv', 'id,label\n1,\n'))).rejects.toThrow('row 0');
  await expect(readLabels(await file('broken.npy', 'text'))).rejects.toThrow('no npy file');
});

test('vectors and labels have to fit together', async () => {
  const vectors = await npy('v.npy', { type: 'f4', shape: [3, 2], data: Float32Array.of(1, 0, 0, 1, 1, 1) });
  const read = await readLabeledVectors(vectors, await file('three.csv', 'a\nb\na'));
  expect(read).toMatchObject({ rows: 3, dim: 2, names: ['a', 'b'] });
  await expect(readLabeledVectors(vectors, await file('two.csv', 'a\nb'))).rejects.toThrow('3 rows and');
  const labels = await file('one.csv', 'a');
  const one = await npy('one.npy', { type: 'f4', shape: [1, 2], data: new Float32Array(2) });
  await expect(readLabeledVectors(one, labels)).rejects.toThrow('At least two');
  const flat = await npy('flat.npy', { type: 'f4', shape: [4], data: new Float32Array(4) });
  await expect(readLabeledVectors(flat, labels)).rejects.toThrow('Embeddings are [rows, dim]');
  const whole = await npy('int.npy', { type: 'i4', shape: [2, 2], data: new Int32Array(4) });
  await expect(readLabeledVectors(whole, labels)).rejects.toThrow('float32 or float64');
});
