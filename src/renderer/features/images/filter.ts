import type { Client } from '../../../shared/contract/index.ts';

export type QueryInput = Parameters<Client['images']['query']>[0];
export type Sort = NonNullable<QueryInput['sort']>;
export type PartName = NonNullable<NonNullable<QueryInput['filter']>['part']>['part'];

/** What the Images room shows, as its controls have it. */
export interface ImageView {
  readonly search: string;
  readonly classIds: readonly number[];
  readonly tags: readonly string[];
  readonly excluded: 'show' | 'hide' | 'only';
  readonly duplicates: 'off' | 'any' | 'exact' | 'near';
  readonly part: { readonly split: string; readonly splitName: string; readonly part: PartName } | null;
  readonly sort: Sort;
  readonly descending: boolean;
}

export const SORTS: readonly { value: Sort; label: string }[] = [
  { value: 'class', label: 'Class' },
  { value: 'path', label: 'Path' },
  { value: 'newest', label: 'Newest' },
  { value: 'size', label: 'Size' },
];

/** The call that a view asks for; what is not filtered by is left out. */
export function queryOf(dataset: string, view: ImageView): QueryInput {
  const search = view.search.trim();
  return {
    dataset,
    sort: view.sort,
    descending: view.descending,
    filter: {
      excluded: view.excluded,
      ...(search === '' ? {} : { search: search.slice(0, 200) }),
      ...(view.classIds.length === 0 ? {} : { classIds: [...view.classIds] }),
      ...(view.tags.length === 0 ? {} : { tags: [...view.tags] }),
      ...(view.duplicates === 'off' ? {} : { duplicates: view.duplicates }),
      ...(view.part === null ? {} : { part: { split: view.part.split, part: view.part.part } }),
    },
  };
}

/** True where something is left out: an empty result is then not an empty dataset. */
export function isFiltered(view: ImageView): boolean {
  return (
    view.search.trim() !== '' ||
    view.classIds.length > 0 ||
    view.tags.length > 0 ||
    view.excluded !== 'show' ||
    view.duplicates !== 'off' ||
    view.part !== null
  );
}
