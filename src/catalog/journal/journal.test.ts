import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Edit } from '#shared/contract/curation.ts';
import type { Catalog } from '../catalog.ts';
import { openCatalog } from '../open.ts';
import { ClassRepository } from '../repositories/classes.ts';
import { DatasetRepository } from '../repositories/datasets.ts';
import { ImageRepository } from '../repositories/images.ts';
import { RefreshRepository } from '../repositories/refreshes.ts';
import { insertSynthetic } from '../synthetic.ts';
import { temporaryCatalog } from '../temporary-catalog.ts';
import { history, historyOfImage } from './events.ts';
import { Journal } from './journal.ts';
import { rebuildProjection } from './rebuild.ts';

const author = { who: 'tester', why: 'test', at: 5 };
const IMAGES = 12;

function filled(catalog: Catalog) {
  const dataset = insertSynthetic(catalog, { name: 'Birds', rootPath: '/birds', images: IMAGES, classes: 3 });
  const refresh = new RefreshRepository(catalog).insert({
    dataset: dataset.key,
    datasetRevision: dataset.revision,
    embedding: null,
    run: null,
    title: 'Mining',
    rule: 'smart',
    part: 'train',
    step: null,
    margin: 0.2,
    triplets: 5,
    anchorsWithout: 0,
    recallOfIndex: 1,
    activeShare: 0.5,
    histogram: { from: -1, to: 1, counts: [] },
    file: 'ab'.repeat(32),
    at: 1,
  });
  return { key: dataset.key, refreshId: refresh.id, journal: new Journal(catalog) };
}

/** Everything that the journal decides. */
function state(catalog: Catalog, key: number) {
  const all = (sql: string) => catalog.db.prepare(sql).all(key);
  return {
    images: all('SELECT id, class_id, excluded FROM images WHERE dataset = ? ORDER BY id'),
    classes: all('SELECT id, name, images, excluded, cover FROM classes WHERE dataset = ? ORDER BY id'),
    tags: all(
      'SELECT it.image_id, t.name FROM image_tags it JOIN tags t ON t.id = it.tag_id WHERE t.dataset = ? ORDER BY 1, 2',
    ),
    verdicts: all(
      'SELECT v.* FROM verdicts v JOIN refreshes r ON r.id = v.refresh WHERE r.dataset = ? ORDER BY triplet',
    ),
    editStates: all('SELECT event_id, state FROM edit_states WHERE dataset = ? ORDER BY event_id'),
  };
}

/** What a person sees: without the book-keeping of undo. */
function visible(catalog: Catalog, key: number) {
  const { images, tags, verdicts, classes } = state(catalog, key);
  return {
    images,
    tags,
    verdicts,
    classes: (classes as { images: number }[]).filter((one) => one.images > 0),
  };
}

describe('Journal', () => {
  test('relabel to a new class, back and forth, with history and revision', () => {
    using temporary = temporaryCatalog();
    const { catalog } = temporary;
    const { key, journal } = filled(catalog);
    const before = visible(catalog, key);
    const revision = new DatasetRepository(catalog).byKey(key).revision;

    const applied = journal.apply(key, { kind: 'relabel', imageIds: [1, 2, 2], className: 'Owl' }, author);
    expect(applied).toMatchObject({
      changed: 2,
      revision: revision + 1,
      summary: 'Labelled 2 images "Owl".',
    });
    expect(new ClassRepository(catalog).byName(key, 'Owl')).toBeDefined();
    expect(new ImageRepository(catalog).rows([2])[0]).toMatchObject({ className: 'Owl' });

    expect(journal.undo(key, author)).toMatchObject({ changed: 2, revision: revision + 2 });
    expect(visible(catalog, key)).toEqual(before);
    expect(journal.undo(key, author)).toBeNull();
    expect(journal.redo(key, author)).toMatchObject({ changed: 2, revision: revision + 3 });
    expect(new ImageRepository(catalog).rows([1])[0]).toMatchObject({ className: 'Owl' });
    expect(journal.redo(key, author)).toBeNull();
    expect(history(catalog, key, 10).map((event) => event.kind)).toEqual([
      'redo',
      'undo',
      'relabel',
      'import',
    ]);
    expect(historyOfImage(catalog, 1, 10)).toHaveLength(3);
    expect(historyOfImage(catalog, 3, 10)).toHaveLength(0);
  });

  test('undo works after the catalogue was closed and opened', () => {
    using temporary = temporaryCatalog();
    const { key, journal } = filled(temporary.catalog);
    const before = visible(temporary.catalog, key);
    journal.apply(key, { kind: 'exclude', imageIds: [4], excluded: true }, author);
    journal.apply(key, { kind: 'tag', imageIds: [4, 5], tag: 'blurred', add: true }, author);
    temporary.catalog.close();
    using again = openCatalog(temporary.path);
    expect(new Journal(again).undo(key, author)?.summary).toBe('Took back: Tagged 2 images: "blurred".');
    expect(new Journal(again).undo(key, author)?.summary).toBe('Took back: Excluded 1 image.');
    expect(visible(again, key)).toEqual(before);
  });

  test('a new edit ends redo', () => {
    using temporary = temporaryCatalog();
    const { key, journal } = filled(temporary.catalog);
    journal.apply(key, { kind: 'exclude', imageIds: [1], excluded: true }, author);
    journal.apply(key, { kind: 'exclude', imageIds: [2], excluded: true }, author);
    journal.undo(key, author);
    journal.undo(key, author);
    journal.apply(key, { kind: 'exclude', imageIds: [3], excluded: true }, author);
    expect(journal.redo(key, author)).toBeNull();
    journal.undo(key, author);
    expect(journal.redo(key, author)?.summary).toBe('Did again: Excluded 1 image.');
    expect(new ImageRepository(temporary.catalog).rows([1, 2, 3]).map((row) => row.excluded)).toEqual([
      false,
      false,
      true,
    ]);
  });

  test('an edit that changes nothing writes no event', () => {
    using temporary = temporaryCatalog();
    const { key, journal } = filled(temporary.catalog);
    const events = history(temporary.catalog, key, 10).length;
    expect(journal.apply(key, { kind: 'exclude', imageIds: [1], excluded: false }, author).changed).toBe(0);
    expect(history(temporary.catalog, key, 10)).toHaveLength(events);
  });

  test.each<[string, Edit, string]>([
    ['an image of nowhere', { kind: 'exclude', imageIds: [1, 999], excluded: true }, 'not-found'],
    ['a class of nowhere', { kind: 'rename-class', classId: 99, name: 'x' }, 'not-found'],
    ['a name that is taken', { kind: 'rename-class', classId: 1, name: 'class 00001' }, 'conflict'],
    ['a class into itself', { kind: 'merge-classes', from: [1, 2], into: 1 }, 'bad-input'],
    [
      'a triplet of nowhere',
      { kind: 'verdict', refreshId: 'mine_00000000', row: 0, verdict: 'skip' },
      'not-found',
    ],
  ])('refuses %s and changes nothing', (_name, edit, code) => {
    using temporary = temporaryCatalog();
    const { key, journal } = filled(temporary.catalog);
    const before = state(temporary.catalog, key);
    expect(() => journal.apply(key, edit, author)).toThrow(expect.objectContaining({ code }));
    expect(state(temporary.catalog, key)).toEqual(before);
  });

  test('verdicts exclude or relabel, and another verdict takes the first one back', () => {
    using temporary = temporaryCatalog();
    const { catalog } = temporary;
    const { key, journal, refreshId } = filled(catalog);
    const row = (id: number) => new ImageRepository(catalog).rows([id])[0]!;
    const give = (verdict: 'bad-crop' | 'look-alike' | 'label-wrong', className?: string) =>
      journal.apply(
        key,
        { kind: 'verdict', refreshId, row: 3, verdict, imageId: 7, ...(className && { className }) },
        author,
      );
    give('bad-crop');
    expect(row(7).excluded).toBe(true);
    const { revision } = give('look-alike');
    expect(row(7).excluded).toBe(false);
    expect(new RefreshRepository(catalog).verdicts(refreshId)).toEqual(new Map([[3, 'look-alike']]));
    give('label-wrong', 'class 00000');
    // The first verdict was taken back once; the third must not bring it back.
    expect(row(7)).toMatchObject({ className: 'class 00000', excluded: false });
    journal.undo(key, author);
    expect(row(7)).toMatchObject({ className: 'class 00001', excluded: false });
    expect(new RefreshRepository(catalog).verdicts(refreshId).get(3)).toBe('look-alike');
    expect(new DatasetRepository(catalog).byKey(key).revision).toBe(revision + 2);
  });

  test('a verdict that changes no label leaves the revision: splits do not become stale', () => {
    using temporary = temporaryCatalog();
    const { key, journal, refreshId } = filled(temporary.catalog);
    const { revision } = new DatasetRepository(temporary.catalog).byKey(key);
    expect(journal.apply(key, { kind: 'verdict', refreshId, row: 0, verdict: 'skip' }, author).revision).toBe(
      revision,
    );
  });

  test('events can be neither changed nor deleted', () => {
    using temporary = temporaryCatalog();
    filled(temporary.catalog);
    expect(() => temporary.catalog.db.exec(`UPDATE events SET who = 'nobody'`)).toThrow(/append-only/);
    expect(() => temporary.catalog.db.exec('DELETE FROM events')).toThrow(/append-only/);
  });

  test('a name that a class made later still holds comes back with undo, and goes again with redo', () => {
    using temporary = temporaryCatalog();
    const { catalog } = temporary;
    const { key, journal } = filled(catalog);
    const imported = visible(catalog, key);
    journal.apply(key, { kind: 'rename-class', classId: 1, name: 'Owl' }, author);
    journal.apply(key, { kind: 'relabel', imageIds: [1], className: 'class 00000' }, author);
    const after = visible(catalog, key);
    while (journal.undo(key, author) !== null);
    expect(visible(catalog, key)).toEqual(imported);
    while (journal.redo(key, author) !== null);
    expect(visible(catalog, key)).toEqual(after);
  });

  test('the state made again from the journal is the state that was there; taking all back gives the import', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: IMAGES }), { minLength: 1, maxLength: 5 });
    const classId = fc.integer({ min: 1, max: 4 });
    const name = fc.constantFrom('class 00000', 'class 00001', 'Owl', 'Finch');
    const step = fc.oneof(
      fc.record({ kind: fc.constant('relabel' as const), imageIds: ids, className: name }),
      fc.record({ kind: fc.constant('exclude' as const), imageIds: ids, excluded: fc.boolean() }),
      fc.record({
        kind: fc.constant('tag' as const),
        imageIds: ids,
        tag: fc.constantFrom('a', 'b'),
        add: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('rename-class' as const), classId, name }),
      fc.record({
        kind: fc.constant('merge-classes' as const),
        from: fc.uniqueArray(classId, { minLength: 1, maxLength: 2 }),
        into: classId,
      }),
      fc.record({
        kind: fc.constant('verdict' as const),
        row: fc.integer({ min: 0, max: 4 }),
        verdict: fc.constantFrom(
          'label-wrong' as const,
          'duplicate' as const,
          'look-alike' as const,
          'bad-crop' as const,
          'skip' as const,
        ),
        imageId: fc.integer({ min: 1, max: IMAGES }),
        className: name,
      }),
      fc.record({ kind: fc.constant('undo' as const) }),
      fc.record({ kind: fc.constant('redo' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        using temporary = temporaryCatalog();
        const { catalog } = temporary;
        catalog.db.pragma('synchronous = OFF');
        const { key, journal, refreshId } = filled(catalog);
        const imported = visible(catalog, key);
        for (const one of steps) {
          try {
            if (one.kind === 'undo') journal.undo(key, author);
            else if (one.kind === 'redo') journal.redo(key, author);
            else if (one.kind === 'verdict') journal.apply(key, { ...one, refreshId }, author);
            else journal.apply(key, one, author);
          } catch (error) {
            if ((error as { name?: string }).name !== 'UserError') throw error;
          }
        }
        const before = state(catalog, key);
        rebuildProjection(catalog, key);
        expect(state(catalog, key)).toEqual(before);
        while (journal.undo(key, author) !== null);
        expect(visible(catalog, key)).toEqual(imported);
      }),
      { numRuns: 40 },
    );
  });

  test('100,000 images in one edit, and back', () => {
    using temporary = temporaryCatalog();
    const { catalog } = temporary;
    const dataset = insertSynthetic(catalog, {
      name: 'Many',
      rootPath: '/many',
      images: 100_000,
      classes: 50,
    });
    const journal = new Journal(catalog);
    const imageIds = Array.from({ length: 100_000 }, (_, index) => index + 1);
    expect(journal.apply(dataset.key, { kind: 'relabel', imageIds, className: 'Owl' }, author).changed).toBe(
      100_000,
    );
    expect(new ClassRepository(catalog).list(dataset.key)).toMatchObject([{ name: 'Owl', images: 100_000 }]);
    expect(journal.undo(dataset.key, author)?.changed).toBe(100_000);
    expect(new ClassRepository(catalog).list(dataset.key)).toHaveLength(50);
  }, 60_000);
});
