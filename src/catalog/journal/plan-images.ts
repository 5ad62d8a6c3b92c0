import { UserError } from '#shared/rpc/errors.ts';
import type { Catalog } from '../catalog.ts';
import { ClassRepository, type ClassRecord } from '../repositories/classes.ts';
import type { Change } from './changes.ts';

/** What an edit would change, and the sentence that says so. */
export interface Plan {
  readonly changes: readonly Change[];
  readonly summary: string;
}

interface ImageState {
  readonly id: number;
  readonly class_id: number;
  readonly excluded: number;
}

export function planRelabel(catalog: Catalog, dataset: number, ids: readonly number[], name: string): Plan {
  const images = imageStates(catalog, dataset, ids);
  const { target, made } = classFor(catalog, dataset, name);
  const moves = groupMoves(images, target.id);
  const count = moves.reduce((sum, move) => sum + move.ids.length, 0);
  return {
    changes: [...made, ...moves],
    summary:
      count === 0 ? `All of them are "${name}" already.` : `Labelled ${countOf(count, 'image')} "${name}".`,
  };
}

export function planExclude(
  catalog: Catalog,
  dataset: number,
  ids: readonly number[],
  excluded: boolean,
): Plan {
  const wanted = excluded ? 1 : 0;
  const changed = imageStates(catalog, dataset, ids).filter((image) => image.excluded !== wanted);
  if (changed.length === 0)
    return { changes: [], summary: `All of them are ${excluded ? 'excluded' : 'included'} already.` };
  return {
    changes: [{ op: 'exclude', excluded, ids: changed.map((image) => image.id) }],
    summary: `${excluded ? 'Excluded' : 'Included'} ${countOf(changed.length, 'image')}${excluded ? '' : ' again'}.`,
  };
}

function classFor(catalog: Catalog, dataset: number, name: string): { target: ClassRecord; made: Change[] } {
  const classes = new ClassRepository(catalog);
  const known = classes.byName(dataset, name);
  if (known !== undefined) return { target: known, made: [] };
  const target = classes.insert(dataset, name);
  return { target, made: [{ op: 'new-class', classId: target.id, name }] };
}

/** Images as they are, each once. @throws UserError not-found when one is not of this dataset */
export function imageStates(catalog: Catalog, dataset: number, ids: readonly number[]): ImageState[] {
  const state = catalog.sql<ImageState>(
    `SELECT id, class_id, excluded FROM images WHERE id = ? AND dataset = ?`,
  );
  return [...new Set(ids)].map((id) => {
    const found = state.get(id, dataset);
    if (found === undefined) throw new UserError('not-found', `There is no image ${id} in this dataset.`);
    return found;
  });
}

function groupMoves(
  images: readonly ImageState[],
  to: number,
): { op: 'move'; from: number; to: number; ids: number[] }[] {
  const byClass = new Map<number, number[]>();
  for (const { id, class_id: from } of images) {
    if (from === to) continue;
    const group = byClass.get(from);
    if (group === undefined) byClass.set(from, [id]);
    else group.push(id);
  }
  return [...byClass].map(([from, ids]) => ({ op: 'move' as const, from, to, ids }));
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
