import { ContentStore } from '#catalog/content-store.ts';
import { ClassMembers } from '#learn/miners/class-members.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { VectorSpace, type VectorTable } from '#learn/space/vector-space.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluateTask } from '#shared/worker/embed.ts';
import type { EvaluatedVectors } from './evaluated-vectors.ts';
import { readEmbedding } from './read-embedding.ts';

/** Who asks and what is searched. The two spaces are one object where every image is searched among all others. */
export interface SearchedSet {
  readonly queries: VectorSpace;
  /** [queries.rows] */
  readonly queryLabels: Int32Array;
  /** [queries.rows], the evaluated row of each. */
  readonly queryRows: Int32Array;
  readonly gallery: VectorSpace;
  /** Classes of the gallery's rows. */
  readonly members: ClassMembers;
  /** [gallery.rows], what a stored neighbour is called: the evaluated row, or a row of the other part. */
  readonly galleryRows: Int32Array;
  /** Image ids of the other part, where another part is searched. */
  readonly galleryIds: Int32Array | null;
}

/** @throws UserError bad-input where nothing could be searched or nobody asks */
export async function searchedSet(
  input: EvaluatedVectors,
  choice: EvaluateTask['gallery'],
  libraryPath: string,
): Promise<SearchedSet> {
  const rows = Int32Array.from(input.labels.keys());
  if (choice.kind === 'rest') {
    const space = new VectorSpace(input.table, input.metric);
    return {
      queries: space,
      queryLabels: input.labels,
      queryRows: rows,
      gallery: space,
      members: new ClassMembers(input.labels),
      galleryRows: rows,
      galleryIds: null,
    };
  }
  if (choice.kind === 'file') {
    const other = await readEmbedding(new ContentStore(libraryPath).get(choice.file));
    const gallery = new VectorSpace(other.table, input.metric);
    return {
      queries: new VectorSpace(input.table, input.metric, gallery),
      queryLabels: input.labels,
      queryRows: rows,
      gallery,
      members: new ClassMembers(other.labels),
      galleryRows: Int32Array.from(other.labels.keys()),
      galleryIds: other.imageIds,
    };
  }
  const chosen = drawnGallery(input.labels, choice.images, choice.seed);
  const galleryRows = rows.filter((row) => chosen[row] === 1);
  const queryRows = rows.filter((row) => chosen[row] === 0);
  if (queryRows.length === 0) {
    throw new UserError(
      'bad-input',
      `No class has more than ${choice.images} images, so no query is left. Put fewer images of each class into the gallery.`,
    );
  }
  const gallery = new VectorSpace(rowsOf(input.table, galleryRows), input.metric);
  return {
    queries: new VectorSpace(rowsOf(input.table, queryRows), input.metric, gallery),
    queryLabels: queryRows.map((row) => input.labels[row]!),
    queryRows,
    gallery,
    members: new ClassMembers(galleryRows.map((row) => input.labels[row]!)),
    galleryRows,
    galleryIds: null,
  };
}

/** How many images of its class a query can find. */
export function positivesOf(set: SearchedSet, row: number): number {
  const own = set.members.of(set.queryLabels[row]!).length;
  return set.queries === set.gallery ? own - 1 : own;
}

/** @returns [rows], 1 for the first images of every class in an order that depends on seed and class only */
function drawnGallery(labels: Int32Array, images: number, seed: number): Uint8Array {
  const members = new ClassMembers(labels);
  const chosen = new Uint8Array(labels.length);
  for (const label of new Set(labels)) {
    const rows = members.of(label).slice();
    const random = createRandom(seed, label);
    for (let i = 0; i < Math.min(images, rows.length); i++) {
      const j = i + random.below(rows.length - i);
      const kept = rows[i]!;
      rows[i] = rows[j]!;
      rows[j] = kept;
      chosen[rows[i]!] = 1;
    }
  }
  return chosen;
}

function rowsOf({ data, dim }: VectorTable, rows: Int32Array): VectorTable {
  const chosen = new Float32Array(rows.length * dim);
  rows.forEach((row, i) => chosen.set(data.subarray(row * dim, (row + 1) * dim), i * dim));
  return { data: chosen, rows: rows.length, dim };
}
