import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { Handlers } from '#shared/contract/index.ts';
import { openCatalog } from '#catalog/open.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { runEngine } from '../../../src/engine/process/run.ts';

/** An engine whose calls answer nothing: for tests of processes and doors. `STUB_BUSY=1` makes it busy for ever. */
function nothing(): Handlers {
  const refuse = (): never => {
    throw new UserError('not-found', 'The stub has nothing.');
  };
  const part = new Proxy({}, { get: () => refuse });
  const changes = async function* (_input: unknown, { signal }: { signal: AbortSignal }) {
    yield { topics: ['jobs'], dataset: null };
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  };
  return new Proxy({ system: { changes } } as unknown as Handlers, {
    get: (target, key) => (key === 'system' ? target.system : part),
    ownKeys: () => [
      'system',
      'jobs',
      'datasets',
      'images',
      'curation',
      'splits',
      'runs',
      'evaluations',
      'neighbors',
      'triplets',
      'exports',
    ],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}

await runEngine(({ libraryPath }) => {
  const catalog = openCatalog(libraryPath);
  return Promise.resolve({
    handlers: nothing(),
    media: {
      open: (imageId: number, width: number) =>
        imageId === 1
          ? Promise.resolve({
              body: Buffer.from(`picture ${width}`),
              type: 'image/webp',
              etag: `one-${width}`,
            })
          : Promise.reject(new UserError('not-found', `There is no image ${imageId}.`)),
    },
    blobs: {
      root: path.join(realpathSync(libraryPath), 'files'),
      path: (hash: string) => catalog.files.path(hash),
    },
    libraryFacts: () => ({ schemaVersion: 1, datasets: 0, images: 0 }),
    isBusy: () => process.env['STUB_BUSY'] === '1',
    close: () => Promise.resolve(catalog.close()),
  });
});
