import { inflateSync } from 'node:zlib';
import { BYTES_OF, toFloat32 } from '../element-type.ts';
import { elementsOf, refuse } from '../weight-file.ts';
import type { Dataset, Filter } from './dataset.ts';
import { treeNode } from './groups.ts';
import type { Hdf5File } from './hdf5-file.ts';

const DEEPEST_TREE = 16;

/** Values of a dataset, row-major. */
export async function readDataset(hdf5: Hdf5File, dataset: Dataset): Promise<Float32Array<ArrayBuffer>> {
  const { layout, path, shape, type, littleEndian } = dataset;
  const elements = elementsOf(shape, hdf5.file.path, path);
  const bytes = elements * BYTES_OF[type];
  if (layout.kind === 'compact') {
    if (layout.bytes.length < bytes) cutOff(hdf5, path);
    return toFloat32(layout.bytes.subarray(0, bytes), type, littleEndian);
  }
  if (layout.kind === 'contiguous') {
    if (layout.address === -1) return new Float32Array(elements);
    return toFloat32(await hdf5.file.read(layout.address, bytes, `the array "${path}"`), type, littleEndian);
  }
  const values = new Float32Array(elements);
  if (layout.tree !== -1) await fillFromChunks(hdf5, dataset, layout, layout.tree, values, 0);
  return values;
}

type Chunked = Extract<Dataset['layout'], { kind: 'chunked' }>;

async function fillFromChunks(
  hdf5: Hdf5File,
  dataset: Dataset,
  layout: Chunked,
  address: number,
  into: Float32Array,
  depth: number,
): Promise<void> {
  const { path, shape, type, littleEndian } = dataset;
  const node = await treeNode(hdf5, address, 1, 8 + 8 * (shape.length + 1), `"${path}"`);
  if (depth > DEEPEST_TREE) node.keys.damaged();
  const wanted = layout.chunk.reduce((a, b) => a * b, 1) * BYTES_OF[type];
  for (let i = 0; i < node.used; i++) {
    const stored = node.keys.uint(4);
    const mask = node.keys.uint(4);
    const origin = shape.map(() => node.keys.uint(8));
    const child = node.keys.skip(8).uint(hdf5.widths.offset);
    if (node.level > 0) {
      await fillFromChunks(hdf5, dataset, layout, child, into, depth + 1);
      continue;
    }
    if (origin.some((start, axis) => start < 0 || start >= shape[axis]! || start % layout.chunk[axis]! !== 0))
      node.keys.damaged();
    const packed = await hdf5.file.read(child, stored, `a part of "${path}"`);
    const filters = layout.filters.filter((_, f) => (mask & (1 << f)) === 0);
    const bytes = unpacked(packed, filters, BYTES_OF[type], wanted) ?? cutOff(hdf5, path);
    copyChunk(toFloat32(bytes, type, littleEndian), layout.chunk, origin, into, shape);
  }
}

/** Filters undone, last first; null where they do not give the bytes of a chunk. */
function unpacked(
  packed: Uint8Array,
  filters: readonly Filter[],
  width: number,
  wanted: number,
): Uint8Array | null {
  let bytes = packed;
  try {
    for (const filter of filters.toReversed()) {
      if (filter === 'deflate') bytes = inflateSync(bytes, { maxOutputLength: wanted + 4 });
      else if (filter === 'checksum') bytes = bytes.subarray(0, -4);
      else bytes = unshuffled(bytes, width);
    }
  } catch {
    return null;
  }
  return bytes.length === wanted ? bytes : null;
}

/** The shuffle filter stores first bytes of all values, then second ones, and so on. */
function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const values = new Uint8Array(bytes);
  for (let b = 0; b < width; b++)
    for (let i = 0; i < count; i++) values[i * width + b] = bytes[b * count + i]!;
  return values;
}

/** Copies the part of a chunk that lies in the array: chunks at the edge reach over it. */
function copyChunk(
  chunk: Float32Array,
  chunkShape: readonly number[],
  origin: readonly number[],
  into: Float32Array,
  shape: readonly number[],
): void {
  const last = shape.length - 1;
  const run = Math.min(chunkShape[last]!, shape[last]! - origin[last]!);
  const rows = chunk.length / chunkShape[last]!;
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let at = origin[last]!;
    let stride = shape[last]!;
    let isInside = true;
    for (let axis = last - 1; axis >= 0; axis--) {
      const place = origin[axis]! + (rest % chunkShape[axis]!);
      rest = Math.floor(rest / chunkShape[axis]!);
      if (place >= shape[axis]!) isInside = false;
      at += place * stride;
      stride *= shape[axis]!;
    }
    if (isInside) into.set(chunk.subarray(row * chunkShape[last]!, row * chunkShape[last]! + run), at);
  }
}

function cutOff(hdf5: Hdf5File, path: string): never {
  return refuse(
    hdf5.file.path,
    `the values of "${path}" cannot be unpacked. The file is damaged: fetch it again.`,
  );
}
