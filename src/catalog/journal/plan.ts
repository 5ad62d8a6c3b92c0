import { UserError } from '#shared/rpc/errors.ts';
import type { Edit } from '#shared/contract/curation.ts';
import type { Catalog } from '../catalog.ts';
import { ClassRepository } from '../repositories/classes.ts';
import { TagRepository } from '../repositories/tags.ts';
import { type Plan, countOf, imageStates, planExclude, planRelabel } from './plan-images.ts';
import { planVerdict } from './plan-verdict.ts';

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

function planTag(catalog: Catalog, dataset: number, ids: readonly number[], tag: string, add: boolean): Plan {
  const known = imageStates(catalog, dataset, ids).map((image) => image.id);
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
