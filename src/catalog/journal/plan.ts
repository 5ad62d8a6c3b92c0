import { UserError } from '#shared/rpc/errors.ts';
import type { Edit } from '#shared/contract/curation.ts';
import type { Catalog } from '../catalog.ts';
import { ClassRepository, type ClassRecord } from '../repositories/classes.ts';
import { TagRepository } from '../repositories/tags.ts';
import type { Change } from './changes.ts';
import { planVerdict } from './plan-verdict.ts';

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

/**
 * Turns an edit into the changes that it makes to the state as it is now. A class that does not exist yet is inserted
 * (inside the caller's transaction), so that the changes can name it.
 *
 * @param eventId of the event that will hold the changes
 * @throws UserError not-found, bad-input, conflict
 */
export function planEdit(catalog: Catalog, dataset: number, edit: Edit, eventId: number): Plan {
  switch (edit.kind) {
    case 'relabel':
      return planRelabel(catalog, dataset, edit.imageIds, edit.className);
    case 'exclude':
      return planExclude(catalog, dataset, edit.imageIds, edit.excluded);
    case 'tag':
      return planTag(catalog, dataset, edit.imageIds, edit.tag, edit.add);
    case 'rename-class': {
      const one = new ClassRepository(catalog).require(dataset, edit.classId);
      if (one.name === edit.name)
        return { changes: [], summary: `The class is called "${edit.name}" already.` };
      return {
        changes: [{ op: 'class-name', classId: one.id, from: one.name, to: edit.name }],
        summary: `Renamed the class "${one.name}" to "${edit.name}".`,
      };
    }
    case 'merge-classes':
      return planMerge(catalog, dataset, edit.from, edit.into);
    case 'verdict':
      return planVerdict(catalog, dataset, edit, eventId);
  }
}

export function planRelabel(catalog: Catalog, dataset: number, ids: readonly number[], name: string): Plan {
  const images = states(catalog, dataset, ids);
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
  const changed = states(catalog, dataset, ids).filter((image) => image.excluded !== wanted);
  if (changed.length === 0)
    return { changes: [], summary: `All of them are ${excluded ? 'excluded' : 'included'} already.` };
  return {
    changes: [{ op: 'exclude', excluded, ids: changed.map((image) => image.id) }],
    summary: `${excluded ? 'Excluded' : 'Included'} ${countOf(changed.length, 'image')}${excluded ? '' : ' again'}.`,
  };
}

function planTag(catalog: Catalog, dataset: number, ids: readonly number[], tag: string, add: boolean): Plan {
  const known = states(catalog, dataset, ids).map((image) => image.id);
  const tags = new TagRepository(catalog);
  const tagId = tags.idOf(dataset, tag);
  const carriers = tagId === undefined ? new Set<number>() : tags.carriers(tagId, known);
  const changed = known.filter((id) => carriers.has(id) !== add);
  if (changed.length === 0)
    return { changes: [], summary: `${add ? 'All' : 'None'} of them have the tag "${tag}" already.` };
  return {
    changes: [{ op: 'tag', tag, add, ids: changed }],
    summary: `${add ? 'Tagged' : 'Removed the tag from'} ${countOf(changed.length, 'image')}: "${tag}".`,
  };
}

function planMerge(catalog: Catalog, dataset: number, from: readonly number[], into: number): Plan {
  const classes = new ClassRepository(catalog);
  const target = classes.require(dataset, into);
  if (from.includes(into))
    throw new UserError('bad-input', `The class "${target.name}" cannot be merged into itself.`);
  const names = [...new Set(from)].map((id) => classes.require(dataset, id));
  const members = catalog
    .sql<number>(`SELECT id FROM images WHERE dataset = ? AND class_id = ? AND gone = 0 ORDER BY id`)
    .pluck();
  const moves = names
    .map((one) => ({ op: 'move' as const, from: one.id, to: into, ids: members.all(dataset, one.id) }))
    .filter((move) => move.ids.length > 0);
  const listed = names.length === 1 ? `"${names[0]!.name}"` : countOf(names.length, 'class', 'classes');
  return {
    changes: moves,
    summary: moves.length === 0 ? 'These classes have no images.' : `Merged ${listed} into "${target.name}".`,
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
function states(catalog: Catalog, dataset: number, ids: readonly number[]): ImageState[] {
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
