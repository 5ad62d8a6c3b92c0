import { fileURLToPath } from 'node:url';
import { ContentStore } from '#catalog/content-store.ts';
import { Journal } from '#catalog/journal/journal.ts';
import { openCatalog } from '#catalog/open.ts';
import { insertSynthetic } from '#catalog/synthetic.ts';
import { createServices } from '#engine/services/create-services.ts';

/** A process that the fault tests kill: it works, tells its parent of every step that is done, and never ends by itself. */
const [work, library = '', argument = ''] = process.argv.slice(2);
process.on('disconnect', () => process.exit(1));
const tell = (message: unknown): Promise<void> =>
  new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));

if (work === 'import') {
  const services = createServices({
    catalog: openCatalog(library),
    places: { libraryPath: library, resourcesPath: '' },
    log: { warn: () => undefined, error: () => undefined },
    workerEntry: () =>
      fileURLToPath(new URL('../../src/engine/jobs/testing/fake-worker.ts', import.meta.url)),
  });
  services.open();
  const { jobId, datasetId } = await services.datasets.import({ path: argument });
  await tell(jobId);
  services.context.changes.subscribe(() => {
    const { n } = services.context.catalog.sql<{ n: number }>('SELECT count(*) AS n FROM images').get()!;
    if (n > 0) void tell(datasetId);
  });
} else if (work === 'edit') {
  const catalog = openCatalog(library);
  const dataset = insertSynthetic(catalog, {
    name: 'Birds',
    rootPath: '/birds',
    images: 10_000,
    classes: 10,
  });
  const journal = new Journal(catalog);
  for (let imageId = 1; imageId <= 10_000; imageId++) {
    const edit = { kind: 'exclude' as const, imageIds: [imageId], excluded: true };
    const { eventId } = journal.apply(dataset.key, edit, { who: 'victim', why: '', at: imageId });
    await tell(eventId);
  }
} else if (work === 'store') {
  const store = new ContentStore(library);
  for (let index = 0; ; index++) await tell(await store.put(Buffer.alloc(200_000, `file ${index} `)));
} else {
  setInterval(() => undefined, 1000);
}
