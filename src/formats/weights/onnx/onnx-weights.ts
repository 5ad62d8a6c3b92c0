import { BYTES_OF, toFloat32 } from '../element-type.ts';
import { FileBytes } from '../file-bytes.ts';
import { Shards } from '../shards.ts';
import {
  type WeightEntry,
  type WeightFile,
  bytesOfShape,
  elementsOf,
  entryOf,
  refuse,
} from '../weight-file.ts';
import { type Initializer, integersOf, readInitializer } from './initializer.ts';
import { type GraphNode, aliasesOf, readNode } from './node-names.ts';
import { ProtoReader } from './proto-reader.ts';

const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const GRAPH_SPARSE_INITIALIZER = 15;

/**
 * The initialisers of an ONNX model: arrays in the file, or in files beside it. Of the operators only
 * names are read.
 * @throws UserError bad-input with what is wrong
 */
export async function openOnnxWeights(path: string): Promise<WeightFile> {
  const file = await FileBytes.open(path);
  try {
    const proto = new ProtoReader(file);
    const initializers = new Map<string, Initializer>();
    const nodes: GraphNode[] = [];
    const notes: string[] = [];
    for await (const graph of proto.fields(0, file.size)) {
      if (graph.number !== MODEL_GRAPH || graph.wire !== 2) continue;
      for await (const field of proto.fields(graph.from, graph.to)) {
        if (field.number === GRAPH_NODE && field.wire === 2) nodes.push(await readNode(proto, field));
        if (field.number === GRAPH_SPARSE_INITIALIZER) notes.push('A sparse array was left out.');
        if (field.number !== GRAPH_INITIALIZER || field.wire !== 2) continue;
        const initializer = await readInitializer(proto, field);
        if (!initializer) continue;
        elementsOf(initializer.shape, path, initializer.name);
        initializers.set(initializer.name, initializer);
      }
    }
    if (initializers.size === 0)
      refuse(
        path,
        'it has no initialisers, so it is no ONNX model with weights. Export the model with its parameters.',
      );
    const aliases = aliasesOf(nodes, new Set(initializers.keys()));
    for (const [name, source] of aliases) initializers.set(name, { ...initializers.get(source)!, name });
    // Numbered arrays that have a name now are not listed twice.
    const renamed = new Set(aliases.values());
    const entries = new Map<string, WeightEntry>();
    for (const [name, { shape, type }] of initializers)
      if (!isNumbered(name) || !renamed.has(name)) entries.set(name, { name, shape, type });
    return {
      format: 'onnx',
      path,
      entries,
      notes,
      read: (name) => readValues(proto, entryOf(initializers, name, path)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Names that exporters make up. */
const isNumbered = (name: string): boolean => /^(onnx::\w+_\d+|val_\d+)$/.test(name);

async function readValues(proto: ProtoReader, initializer: Initializer): Promise<Float32Array<ArrayBuffer>> {
  const { name, shape, type, place } = initializer;
  const { file } = proto;
  const what = `the array "${name}"`;
  const elements = elementsOf(shape, file.path, name);
  const bytes = bytesOfShape(shape, type, file.path, name);
  if (place.kind === 'raw') {
    if (place.to - place.from !== bytes) wrongSize(file.path, what);
    return toFloat32(await file.read(place.from, bytes, what), type);
  }
  if (place.kind === 'external')
    return toFloat32(await readExternal(file.path, place.facts, bytes, what), type);
  const values = new Float32Array(elements);
  let at = 0;
  for (const field of place.kind === 'numbers' ? place.ranges : []) {
    if (place.kind === 'numbers' && place.wire === 'fixed') {
      const part = toFloat32(await file.read(field.from, field.to - field.from, what), type);
      if (at + part.length > elements) wrongSize(file.path, what);
      values.set(part, at);
      at += part.length;
    } else {
      for (const value of await integersOf(proto, field)) {
        if (at === elements) wrongSize(file.path, what);
        values[at++] = type === 'float16' || type === 'bfloat16' ? ofBits(value, type) : value;
      }
    }
  }
  if (at !== elements) wrongSize(file.path, what);
  return values;
}

/** A half whose bits stand in an integer. */
const ofBits = (bits: number, type: 'float16' | 'bfloat16'): number =>
  toFloat32(new Uint8Array([bits & 0xff, (bits >> 8) & 0xff]).subarray(0, BYTES_OF[type]), type)[0]!;

async function readExternal(
  path: string,
  facts: ReadonlyMap<string, string>,
  bytes: number,
  what: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const location = facts.get('location');
  if (location === undefined) return refuse(path, `${what} lies in another file without a name.`);
  const offset = Number(facts.get('offset') ?? 0);
  const length = Number(facts.get('length') ?? bytes);
  if (!Number.isSafeInteger(offset) || offset < 0 || length !== bytes) wrongSize(path, what);
  const beside = await Shards.open(path, [location]);
  try {
    return await beside.read(offset, bytes, what);
  } finally {
    await beside.close();
  }
}

function wrongSize(path: string, what: string): never {
  return refuse(path, `${what} has not as many values as its shape. The file is damaged: fetch it again.`);
}
