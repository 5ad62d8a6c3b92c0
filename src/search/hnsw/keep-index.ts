import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { VectorSpace } from '#learn/space/vector-space.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { Encoder } from './encoder.ts';
import { Graph } from './graph.ts';
import { HnswIndex } from './hnsw-index.ts';

/** Where an index is kept: files by the hash of their content (the content store of a library is one). */
export interface IndexFiles {
  temporaryPath(): Promise<string>;
  putFile(temporary: string): Promise<string>;
  put(bytes: Uint8Array): Promise<string>;
  get(hash: string): string;
  verify(hash: string): Promise<boolean>;
}

const schema = z.strictObject({
  format: z.literal('plumage-neighbor-graph-1'),
  /** Content hash of the graph's own file. */
  graph: z.string(),
  /** SHA-256 of the vectors that it was built from. */
  vectors: z.string(),
  rows: z.int().positive(),
  metric: z.enum(['cosine', 'euclidean', 'inner-product']),
  settings: z.strictObject({
    storage: z.enum(['float32', 'half', 'int8']),
    links: z.int().positive(),
    buildWidth: z.int().positive(),
    searchWidth: z.int().positive(),
  }),
  encoding: z.strictObject({
    storage: z.enum(['float32', 'half', 'int8']),
    centre: z.array(z.number()),
    scale: z.number(),
    radius: z.number(),
  }),
  recall: z.strictObject({ at: z.int(), sample: z.int(), value: z.number() }),
  removed: z.array(z.int()),
});

/** Keeps a graph and what must be known of it, its recall among it. @returns the content hash to load it by */
export async function saveIndex(index: HnswIndex, files: IndexFiles): Promise<string> {
  const { space, graph, encoder, settings, recall, removed } = index.parts;
  const temporary = await files.temporaryPath();
  graph.save(temporary);
  const about: z.infer<typeof schema> = {
    format: 'plumage-neighbor-graph-1',
    graph: await files.putFile(temporary),
    vectors: digestOf(space),
    rows: space.rows,
    metric: space.metric,
    settings,
    encoding: { ...encoder.encoding, centre: [...encoder.encoding.centre] },
    recall,
    removed: [...removed],
  };
  return files.put(new TextEncoder().encode(JSON.stringify(about)));
}

/**
 * Loads what `saveIndex` kept.
 *
 * @param space the vectors that the index was built from, or last updated with
 * @throws UserError conflict: made from other vectors; not-found; bad-input: the files were changed
 */
export async function loadIndex(
  hash: string,
  space: VectorSpace,
  files: IndexFiles,
  threads = availableParallelism(),
): Promise<HnswIndex> {
  const about = schema.safeParse(parsed(await readFile(files.get(hash), 'utf8'))).data;
  // The graph is read by native code, which trusts its file.
  if (about === undefined || !(await files.verify(hash)) || !(await files.verify(about.graph)))
    throw new UserError('bad-input', 'The kept index of neighbours is damaged. Build it again.');
  if (about.rows !== space.rows || about.metric !== space.metric || about.vectors !== digestOf(space))
    throw new UserError('conflict', 'The index of neighbours was made from other vectors. Build it again.');
  const encoder = new Encoder(about.encoding, space);
  const graph = await Graph.open(encoder.dim, about.settings, threads);
  graph.load(files.get(about.graph));
  const { settings, recall } = about;
  return new HnswIndex({ space, graph, encoder, settings, recall, removed: new Set(about.removed) });
}

function digestOf({ table }: VectorSpace): string {
  const { buffer, byteOffset, byteLength } = table.data;
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
