import { expect, test, vi } from 'vitest';
import { UserError } from '#shared/rpc/errors.ts';
import type { Job } from '#shared/domain/job.ts';
import { TemporaryLibrary } from '../../src/engine/services/testing/temporary-library.ts';

/** SQLite's own limit of pages stands in for a disk that is full: it fails at the same place with the same code. */
function limitPages(library: TemporaryLibrary, spare: number): () => void {
  const { db } = library.services.context.catalog;
  const pages = db.pragma('page_count', { simple: true }) as number;
  db.pragma(`max_page_count = ${pages + spare}`);
  return () => void db.pragma('max_page_count = 1000000');
}

test('an import on a full disk ends with a sentence, keeps what it wrote, and goes on when there is space', async () => {
  await using library = new TemporaryLibrary();
  library.fill(5, 200);
  const free = limitPages(library, 12);
  const { jobId } = await library.services.datasets.import({ path: library.pictures });
  const job = await library.ended(jobId);
  expect(job).toMatchObject({
    status: 'failed',
    error: { code: 'no-space', message: expect.stringContaining('free some space') },
  });
  const { catalog } = library.services.context;
  const kept = catalog.db.prepare('SELECT count(*) FROM images').pluck().get();
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(1000);
  free();
  expect((await library.import()).result).toMatchObject({ images: 1000, revision: 1 });
});

test('an edit on a full disk changes nothing', async () => {
  await using library = new TemporaryLibrary();
  library.fill(2, 500);
  await library.import();
  const { services } = library;
  const imageIds = Array.from({ length: 1000 }, (_, index) => index + 1);
  limitPages(library, 1);
  const edit = { kind: 'relabel' as const, imageIds, className: 'Owl' };
  expect(() => services.curation.apply({ dataset: 'Birds', edit, why: '' }, 'test')).toThrow(
    expect.objectContaining({ code: 'no-space' }),
  );
  expect(services.datasets.classes('Birds').map((one) => one.name)).toEqual(['class 0', 'class 1']);
  expect(services.curation.history('Birds', 10).map((event) => event.kind)).toEqual(['import']);
});

test('a disk too full for the last word of a job: who waits hears it, and the next import goes on', async () => {
  await using library = new TemporaryLibrary();
  library.fill(5, 200);
  const free = limitPages(library, 12);
  const { jobs } = library.services.context;
  const update = jobs.update.bind(jobs);
  const full = vi.spyOn(jobs, 'update').mockImplementation((id, change) => {
    if (change.status === 'failed') throw new UserError('no-space', 'There is no space left.');
    return update(id, change);
  });
  const { jobId } = await library.services.datasets.import({ path: library.pictures });
  let last: Job | undefined;
  for await (const job of library.services.jobs.watch(jobId, new AbortController().signal)) last = job;
  expect(last).toMatchObject({ status: 'failed', error: { code: 'no-space' } });
  expect(jobs.require(jobId).status).toBe('running');
  full.mockRestore();
  free();
  expect((await library.import()).result).toMatchObject({ images: 1000, revision: 1 });
  expect(jobs.require(jobId).status).toBe('failed');
});
