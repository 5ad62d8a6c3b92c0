/**
 * Selected images: a plain set of ids. Made anew with every change, so that it can live in `$state.raw`.
 */
export interface Selection {
  readonly ids: ReadonlySet<number>;
}

export const NO_SELECTION: Selection = { ids: new Set() };

export function selectionOf(ids: Iterable<number>): Selection {
  return { ids: new Set(ids) };
}

export function toggled(selection: Selection, id: number): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids };
}

export function withAdded(selection: Selection, added: Iterable<number>): Selection {
  const ids = new Set(selection.ids);
  for (const id of added) ids.add(id);
  return { ids };
}
