import { openCatalog } from '#catalog/open.ts';
import { schemaVersion } from '#catalog/migrate.ts';
import type { OpenContent } from '../engine.ts';
import { createHandlers } from '../handlers.ts';
import { createServices } from './create-services.ts';

/** Opens a library: its catalogue, its services and the jobs that were left. @throws UserError as `openCatalog` */
export const openContent: OpenContent = async (places, log) => {
  const catalog = openCatalog(places.libraryPath);
  await catalog.files.clearTemporary().catch((err: unknown) => log.warn({ err }, 'unfinished files stay'));
  const services = createServices({ catalog, places, log });
  services.open();
  return {
    handlers: createHandlers(services),
    media: services.media,
    blobs: { root: catalog.files.root, path: (hash) => catalog.files.path(hash) },
    libraryFacts: () => ({
      schemaVersion: schemaVersion(catalog.db),
      datasets: services.context.datasets.list(false).length,
      images: catalog.sql<{ n: number }>(`SELECT coalesce(sum(images), 0) AS n FROM classes`).get()!.n,
    }),
    isBusy: () => services.context.queue.isBusy,
    close: () => services.close(),
  };
};
