import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHandlers } from '../handlers.ts';
import { TemporaryLibrary } from './testing/temporary-library.ts';

const query = (library: TemporaryLibrary, filter: object, sort = 'class', descending = false) =>
  library.services.images.query({
    dataset: 'Birds',
    filter: { excluded: 'show', ...filter },
    sort: sort as 'class',
    descending,
  });

test('a query fixes an ordered result that is read in slices', async () => {
  await using library = new TemporaryLibrary();
  library.fill(3, 3);
  library.write({ 'class 0/copy.txt': 'picture 1 1' });
  await library.import();
  const { images, curation } = library.services;
  const pathsOf = async (filter: object, sort?: string, descending?: boolean): Promise<string[]> => {
    const { queryId, count } = await query(library, filter, sort, descending);
    const rows = images.slice(queryId, 0, 500);
    expect(rows).toHaveLength(count);
    return rows.map((row) => row.path);
  };
  const all = await query(library, {});
  expect(all).toMatchObject({ count: 10, revision: 1 });
  const [first, second] = images.ids(all.queryId, 0, 2);
  expect(images.position(all.queryId, second!)).toBe(1);
  expect(images.position(all.queryId, 999)).toBeNull();

  curation.apply(
    { dataset: 'Birds', edit: { kind: 'exclude', imageIds: [first!], excluded: true }, why: '' },
    'test',
  );
  curation.apply(
    { dataset: 'Birds', edit: { kind: 'tag', imageIds: [second!], tag: 'Blurred', add: true }, why: '' },
    'test',
  );
  expect(await pathsOf({ excluded: 'only' })).toEqual(['class 0/0.txt']);
  expect(await pathsOf({ excluded: 'hide' })).toHaveLength(9);
  expect(await pathsOf({ tags: ['Blurred'] })).toEqual(['class 0/1.txt']);
  expect(await pathsOf({ search: 'blurr' })).toEqual(['class 0/1.txt']);
  expect(await pathsOf({ search: 'CLASS 2 1.txt' })).toContain('class 2/1.txt');
  expect(await pathsOf({ search: '100%' })).toEqual([]);
  expect((await pathsOf({ duplicates: 'exact' })).sort()).toEqual(['class 0/copy.txt', 'class 1/1.txt']);
  expect((await pathsOf({}, 'path', true))[0]).toBe('class 2/2.txt');
  expect((await pathsOf({}, 'newest'))[0]).toBe('class 2/2.txt');
  expect(images.tags('Birds')).toEqual([{ tag: 'Blurred', images: 1 }]);
  expect(images.get(second!)).toMatchObject({ tags: ['Blurred'], history: [{ kind: 'tag', who: 'test' }] });
});

test('a stored thumbnail is given as it lies; a picture that cannot be decoded is a sentence', async () => {
  await using library = new TemporaryLibrary();
  library.fill(1, 1);
  await library.import();
  const { images, media } = library.services;
  const { contentHash } = images.get(1);
  await expect(media.open(1, 256)).rejects.toMatchObject({ code: 'bad-image' });
  mkdirSync(join(library.libraryPath, 'thumbs', contentHash.slice(0, 2)), { recursive: true });
  writeFileSync(join(library.libraryPath, 'thumbs', contentHash.slice(0, 2), `${contentHash}.jpg`), 'thumb');
  expect(await media.open(1, 200)).toMatchObject({
    body: Buffer.from('thumb'),
    type: 'image/jpeg',
    etag: `${contentHash}-thumb`,
  });
  rmSync(join(library.libraryPath, 'thumbs', contentHash.slice(0, 2), `${contentHash}.jpg`));
  writeFileSync(join(library.libraryPath, 'thumbs', contentHash.slice(0, 2), `${contentHash}.png`), 'png');
  expect(await media.open(1, 200)).toMatchObject({ body: Buffer.from('png'), type: 'image/png' });
  await expect(media.open(77, 256)).rejects.toMatchObject({ code: 'not-found' });
});

test('changes are told with their topics, joined for a slow reader', async () => {
  await using library = new TemporaryLibrary();
  const handlers = createHandlers(library.services);
  const abort = new AbortController();
  const told = handlers.system.changes({}, { signal: abort.signal, client: { name: 'test' } });
  const changes = told[Symbol.asyncIterator]();
  const first = changes.next();
  library.services.context.tell(['runs'], 'ds_a');
  expect(await first).toMatchObject({ value: { topics: ['runs'], dataset: 'ds_a' } });
  library.services.context.tell(['runs'], 'ds_a');
  library.services.context.tell(['splits'], 'ds_b');
  expect(await changes.next()).toMatchObject({ value: { topics: ['runs', 'splits'], dataset: null } });
  abort.abort();
  expect((await changes.next()).done).toBe(true);
});
