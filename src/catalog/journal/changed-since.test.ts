import { expect, test } from 'vitest';
import type { Edit } from '#shared/contract/curation.ts';
import type { Catalog } from '../catalog.ts';
import { DatasetRepository } from '../repositories/datasets.ts';
import { insertSynthetic } from '../synthetic.ts';
import { temporaryCatalog } from '../temporary-catalog.ts';
import { changedSince } from './changed-since.ts';
import { Journal } from './journal.ts';

const author = { who: 'tester', why: 'test', at: 5 };
const relabel: Edit = { kind: 'relabel', imageIds: [1, 2], className: 'Owl' };
const exclude: Edit = { kind: 'exclude', imageIds: [4], excluded: true };
const tag: Edit = { kind: 'tag', imageIds: [5], tag: 'blurred', add: true };

function filled(catalog: Catalog) {
  const { key } = insertSynthetic(catalog, { name: 'Birds', rootPath: '/birds', images: 12, classes: 3 });
  const journal = new Journal(catalog);
  return {
    apply: (edit: Edit) => journal.apply(key, edit, author),
    undo: () => journal.undo(key, author),
    redo: () => journal.redo(key, author),
    note: () => journal.note(key, 'import', 'Imported 2 images.', author),
    revision: () => new DatasetRepository(catalog).byKey(key).revision,
    changed: (revision: number) => changedSince(catalog, key, revision),
  };
}

test('what was done and taken back since changes nothing; what stands does', () => {
  using temporary = temporaryCatalog();
  const { apply, undo, redo, revision, changed } = filled(temporary.catalog);
  const seen = revision();
  expect(changed(seen)).toBe(false);
  apply(relabel);
  apply(exclude);
  expect(changed(seen)).toBe(true);
  undo();
  expect(changed(seen)).toBe(true);
  undo();
  expect(changed(seen)).toBe(false);
  expect(revision()).toBe(seen + 4);
  redo();
  expect(changed(seen)).toBe(true);
});

test('taking back what stood then is a change, until it is done again', () => {
  using temporary = temporaryCatalog();
  const { apply, undo, redo, revision, changed } = filled(temporary.catalog);
  apply(relabel);
  const seen = revision();
  undo();
  expect(changed(seen)).toBe(true);
  const without = revision();
  redo();
  expect(changed(seen)).toBe(false);
  expect(changed(without)).toBe(true);
});

test('tags are no change, an import is', () => {
  using temporary = temporaryCatalog();
  const { apply, undo, note, revision, changed } = filled(temporary.catalog);
  const seen = revision();
  apply(tag);
  expect(revision()).toBe(seen + 1);
  expect(changed(seen)).toBe(false);
  undo();
  apply(tag);
  expect(changed(seen)).toBe(false);
  note();
  expect(changed(seen)).toBe(true);
});
