import { expect, test } from 'vitest';
import { join } from 'node:path';
import { readKnownFiles } from './known-files.ts';
import { openCatalog } from './open.ts';
import { readPart } from './part-reader.ts';
import { SplitRepository } from './repositories/splits.ts';
import { insertSynthetic } from './synthetic.ts';
import { temporaryCatalog } from './temporary-catalog.ts';

test('a worker reads a part as the split saw it, also after a relabelling', () => {
  using temporary = temporaryCatalog();
  const { catalog } = temporary;
  const dataset = insertSynthetic(catalog, { name: 'Birds', rootPath: '/birds', images: 6, classes: 2 });
  const split = new SplitRepository(catalog).insert({
    dataset: dataset.key,
    datasetRevision: dataset.revision,
    name: 'half',
    kind: 'class-disjoint',
    seed: 0,
    hash: '12'.repeat(32),
    settings: {},
    parts: [{ part: 'train', imageIds: Int32Array.of(1, 2, 3), classIds: Int32Array.of(1, 1, 1) }],
    leaks: [],
    leakCounts: [],
    at: 1,
  });
  catalog.db.exec('UPDATE images SET class_id = 2 WHERE id = 2');
  using reader = openCatalog(temporary.path, { readonly: true });
  const part = readPart(reader, split.id, 'train');
  expect([...part.imageIds]).toEqual([1, 2, 3]);
  expect([...part.labels]).toEqual([1, 1, 1]);
  expect(part.paths[1]).toBe(join('/birds', 'class 00000', '0000001.png'));
  expect(part.contentHashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(readPart(reader, split.id, 'test').paths).toEqual([]);
  expect(() => readPart(reader, 'split_00000000', 'train')).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  );
  expect(() => catalog.db.exec(`UPDATE split_parts SET images = 0`)).toThrow(/never changes/);
});

test('known files are those that the last import saw', () => {
  using temporary = temporaryCatalog();
  const { catalog } = temporary;
  const dataset = insertSynthetic(catalog, { name: 'Birds', rootPath: '/birds', images: 3, classes: 1 });
  catalog.db.exec('UPDATE images SET gone = 1 WHERE id = 3');
  const known = readKnownFiles(catalog, dataset.id);
  expect([...known.keys()]).toEqual(['class 00000/0000000.png', 'class 00000/0000001.png']);
  expect(known.get('class 00000/0000000.png')).toMatchObject({ sizeBytes: 1000, modifiedMs: 0 });
  expect(readKnownFiles(catalog, 'ds_00000000').size).toBe(0);
});
