import { parentPort, workerData } from 'node:worker_threads';
import { openCatalog } from '#catalog/open.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ReaderMap, ReaderOperation, ReaderReply, ReaderRequest } from '#shared/worker/reader.ts';
import { searchDuplicates } from './duplicates.ts';
import { queryImages } from './image-query.ts';
import { divideDataset } from './split.ts';

/**
 * A thread of the engine with a read-only connection of its own: long queries run here, and their arrays are handed
 * over without copying. It decodes no pictures, and writes nothing but content-addressed files.
 */
const { libraryPath } = workerData as { libraryPath: string };
const catalog = openCatalog(libraryPath, { readonly: true });

const operations: {
  [K in ReaderOperation]: (
    input: ReaderMap[K]['input'],
  ) => ReaderMap[K]['output'] | Promise<ReaderMap[K]['output']>;
} = {
  query: (input) => queryImages(catalog, input),
  duplicates: ({ dataset }) => searchDuplicates(catalog, dataset),
  split: (input) => divideDataset(catalog, input),
  inspectWeights: async (input) => (await import('./weights.ts')).inspectWeights(input),
  importWeights: async (input) => (await import('./weights.ts')).importWeights(catalog.files, input),
  preview: async ({ path }) => (await import('./preview.ts')).previewFolder(path),
};

parentPort!.on('message', (request: ReaderRequest) => void answer(request));

async function answer({ id, operation, input }: ReaderRequest): Promise<void> {
  try {
    const run = operations[operation] as (input: unknown) => unknown;
    const output = await run(input);
    reply({ id, output }, output instanceof Int32Array ? [output.buffer as ArrayBuffer] : []);
  } catch (error) {
    const code = error instanceof UserError ? error.code : 'bug';
    const message = error instanceof UserError ? error.message : String((error as Error).stack ?? error);
    reply({ id, code, message });
  }
}

function reply(message: ReaderReply, transfer: ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer);
}
