import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TemporaryLibrary } from './testing/temporary-library.ts';

test('an import fills the dataset, lists what it could not read and finds copies', async () => {
  await using library = new TemporaryLibrary();
  library.fill(3, 4);
  library.write({ 'class 0/broken.bad': '', 'class 1/copy.txt': 'picture 0 0' });
  const job = await library.import();
  expect(job.error).toBeNull();
  expect(job.result).toMatchObject({
    name: 'Birds',
    revision: 1,
    images: 13,
    classes: 3,
    skipped: [{ path: 'class 0/broken.bad', reason: 'It ends too early.' }],
    duplicates: 1,
  });
  const { datasets } = library.services;
  expect(datasets.list(false)).toMatchObject([{ images: 13, problems: 1, duplicateGroups: 1 }]);
  expect(datasets.classes('Birds').map(({ name, images }) => [name, images])).toEqual([
    ['class 0', 4],
    ['class 1', 5],
    ['class 2', 4],
  ]);
  const page = { offset: 0, limit: 10 };
  expect(datasets.duplicates('Birds', page)).toMatchObject({
    total: 1,
    exactGroups: 1,
    rows: [{ acrossClasses: true }],
  });
  expect(datasets.problems('Birds', page)).toMatchObject({ total: 1, rows: [{ code: 'truncated' }] });
});

test('importing the same folder again changes nothing; new, changed and missing files change what they concern', async () => {
  await using library = new TemporaryLibrary();
  library.fill(2, 3);
  await library.import();
  const { context, datasets, curation } = library.services;
  const before = context.catalog.db.prepare('SELECT id, class_id, path FROM images ORDER BY id').all();
  expect((await library.import()).result).toMatchObject({ revision: 1, images: 6 });
  expect(context.catalog.db.prepare('SELECT id, class_id, path FROM images ORDER BY id').all()).toEqual(
    before,
  );

  const [first] = before as { id: number }[];
  curation.apply(
    { dataset: 'Birds', edit: { kind: 'relabel', imageIds: [first!.id], className: 'Owl' }, why: '' },
    'test',
  );
  library.write({ 'class 0/0.txt': 'painted over', 'class 1/new.txt': 'new' });
  rmSync(join(library.pictures, 'class 1/0.txt'));
  expect((await library.import()).result).toMatchObject({ revision: 3, images: 6 });
  // A person's label stays although the file has changed.
  expect(library.services.images.get(first!.id)).toMatchObject({
    className: 'Owl',
    importedClassName: 'class 0',
  });
  expect(datasets.classes('Birds').map(({ name, images }) => [name, images])).toEqual(
    [
      ['class 0', 2],
      ['class 1', 3],
      ['Owl', 1],
    ].sort(),
  );
});

test('a worker that dies costs the rest of the import, not what is written, and the next import goes on', async () => {
  await using library = new TemporaryLibrary();
  library.fill(2, 3);
  library.write({ 'class 1/die': '' });
  const job = await library.import();
  expect(job).toMatchObject({ status: 'failed', error: { code: 'worker-died' } });
  expect(job.error?.message).toMatch(/SIGKILL.*Import the folder again/);
  expect(library.services.datasets.get('Birds').images).toBeGreaterThanOrEqual(0);
  rmSync(join(library.pictures, 'class 1/die'));
  expect((await library.import()).result).toMatchObject({ revision: 1, images: 6, classes: 2 });
});

test('an import can be stopped and resumed', async () => {
  await using library = new TemporaryLibrary();
  library.fill(1, 2);
  library.write({ 'class 0/hang': '' });
  const { jobId } = await library.services.datasets.import({ path: library.pictures });
  await library.until(jobId, (job) => job.status === 'running');
  await expect(library.services.datasets.import({ path: library.pictures })).rejects.toMatchObject({
    code: 'conflict',
  });
  library.services.jobs.stop(jobId);
  expect((await library.ended(jobId)).status).toBe('cancelled');
  rmSync(join(library.pictures, 'class 0/hang'));
  library.services.jobs.resume(jobId);
  expect((await library.ended(jobId)).result).toMatchObject({ images: 2, revision: 1 });
});

test.each([
  ['missing', 'not-found', /There is no folder/],
  ['file', 'bad-input', /is a file/],
])('a path that is %s is refused with a sentence', async (name, code, sentence) => {
  await using library = new TemporaryLibrary();
  mkdirSync(library.pictures);
  writeFileSync(join(library.pictures, 'file'), '');
  const attempt = library.services.datasets.import({ path: join(library.pictures, name) });
  await expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(sentence) });
  expect(library.services.datasets.list(true)).toEqual([]);
});

test('a dataset leaves the shelf and comes back', async () => {
  await using library = new TemporaryLibrary();
  library.fill(1, 1);
  await library.import();
  const { datasets } = library.services;
  datasets.remove('Birds');
  expect(datasets.list(false)).toEqual([]);
  expect(datasets.list(true)).toMatchObject([{ removed: true }]);
  datasets.restore('Birds');
  expect(datasets.list(false)).toHaveLength(1);
});
