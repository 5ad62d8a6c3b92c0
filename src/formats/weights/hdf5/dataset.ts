import { BYTES_OF, type ElementType } from '../element-type.ts';
import { elementsOf, refuse } from '../weight-file.ts';
import type { FoundDataset } from './groups.ts';
import { type Hdf5File, MESSAGE } from './hdf5-file.ts';

/** Where a dataset's bytes are. */
export type Layout =
  | { readonly kind: 'compact'; readonly bytes: Uint8Array }
  /** `address` -1: nothing was ever written, so every value is 0. */
  | { readonly kind: 'contiguous'; readonly address: number }
  | {
      readonly kind: 'chunked';
      readonly tree: number;
      /** Shape of a chunk. */
      readonly chunk: readonly number[];
      /** Filters in the order in which they were applied. */
      readonly filters: readonly Filter[];
    };

export type Filter = 'deflate' | 'shuffle' | 'checksum';

export interface Dataset {
  readonly path: string;
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly littleEndian: boolean;
  readonly layout: Layout;
}

const FILTERS: Readonly<Record<number, Filter>> = { 1: 'deflate', 2: 'shuffle', 3: 'checksum' };

/** A chunk is read and unpacked whole. */
const MOST_CHUNK_BYTES = 256 * 2 ** 20;

/** What a dataset is; null where it holds no numbers. @throws UserError bad-input where it cannot be read */
export function describeDataset(hdf5: Hdf5File, { path, messages }: FoundDataset): Dataset | null {
  const body = (type: number) => messages.find((message) => message.type === type)?.body;
  const [space, type, layout] = [MESSAGE.dataspace, MESSAGE.datatype, MESSAGE.layout].map(body);
  if (!space || !type || !layout) return refuse(hdf5.file.path, `"${path}" in it is no whole dataset.`);

  const kindAndVersion = type.uint(1);
  const bits = type.uint(1);
  const width = type.skip(2).uint(4);
  const element = elementOf(kindAndVersion & 0xf, width, bits);
  if (!element) return null;

  const shape = shapeOf(hdf5, space);
  const { file, widths } = hdf5;
  elementsOf(shape, file.path, path);
  const version = layout.uint(1);
  if (version !== 3)
    return refuse(
      file.path,
      `"${path}" is laid out as HDF5 version ${String(version)}, which is not read here.`,
    );
  const common = { path, shape, type: element, littleEndian: (bits & 1) === 0 };
  switch (layout.uint(1)) {
    case 0:
      return { ...common, layout: { kind: 'compact', bytes: layout.bytes(layout.uint(2)) } };
    case 1:
      return { ...common, layout: { kind: 'contiguous', address: layout.uint(widths.offset) } };
    case 2: {
      const axes = layout.uint(1) - 1;
      const tree = layout.uint(widths.offset);
      const chunk = Array.from({ length: Math.max(axes, 0) }, () => layout.uint(4));
      const isChunk = axes === shape.length && chunk.every((size) => size > 0);
      if (!isChunk || chunk.reduce((a, b) => a * b, width) > MOST_CHUNK_BYTES) layout.damaged();
      const filters = body(MESSAGE.filters);
      const list = filters ? filtersOf(filters, file.path, path) : [];
      return { ...common, layout: { kind: 'chunked', tree, chunk, filters: list } };
    }
    default:
      return refuse(file.path, `"${path}" is laid out in a way that is not read here.`);
  }
}

type Body = FoundDataset['messages'][number]['body'];

function shapeOf(hdf5: Hdf5File, space: Body): number[] {
  const version = space.uint(1);
  const axes = space.uint(1);
  space.skip(version === 1 ? 6 : 2);
  return Array.from({ length: axes }, () => space.uint(hdf5.widths.length));
}

function elementOf(kind: number, width: number, bits: number): ElementType | null {
  const name =
    kind === 1
      ? `float${String(8 * width)}`
      : kind === 0
        ? `${bits & 8 ? '' : 'u'}int${String(8 * width)}`
        : '';
  return Object.hasOwn(BYTES_OF, name) ? (name as ElementType) : null;
}

function filtersOf(body: Body, file: string, path: string): Filter[] {
  const version = body.uint(1);
  const count = body.uint(1);
  body.skip(version === 1 ? 6 : 0);
  return Array.from({ length: count }, () => {
    const id = body.uint(2);
    const nameBytes = version === 1 || id >= 256 ? body.uint(2) : 0;
    const values = body.skip(2).uint(2);
    body.skip(nameBytes + 4 * (version === 1 ? values + (values % 2) : values));
    return (
      FILTERS[id] ??
      refuse(
        file,
        `"${path}" is packed with HDF5 filter ${String(id)}; gzip is read here. Save it with compression="gzip".`,
      )
    );
  });
}
