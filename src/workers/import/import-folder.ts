import { availableParallelism } from 'node:os';
import { openCatalog } from '#catalog/open.ts';
import { type KnownFile, readKnownFiles } from '#catalog/known-files.ts';
import { checkRoot } from '#datasets/folder/check-root.ts';
import { type FoundFile, walkFolder } from '#datasets/folder/walk-folder.ts';
import { ImageProblem } from '#images/decode/image-problem.ts';
import { forEachConcurrently } from '#images/parallel/for-each-concurrently.ts';
import type { ImportProblem } from '#shared/domain/dataset.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ImportResult, ImportTask } from '#shared/worker/import.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { EventBatches } from './event-batches.ts';
import { importFile } from './import-file.ts';

/**
 * Imports a folder of class folders: finds the files, then decodes each new or changed one once for its hashes and its
 * thumbnail. Rows go out in batches; a second run skips what the catalogue already has, so a killed import goes on where
 * it was. Originals are only read.
 *
 * @throws UserError not-found, bad-input, no-permission, no-space; Cancelled
 */
export async function importFolder(
  task: ImportTask,
  context: WorkerContext<'import'>,
  readKnown = readKnownFromLibrary,
): Promise<ImportResult> {
  const started = performance.now();
  const root = await checkRoot(task.rootPath);
  const { files, problems } = await findFiles(root, context);
  const known = readKnown(context.places.libraryPath, task.datasetId);
  if (files.length === 0 && problems.every(({ code }) => code === 'empty-folder')) {
    throw new UserError(
      'bad-input',
      `There is no image in ${root}. Give the folder that holds one folder for each class` +
        (known.size > 0 ? '; the dataset stays as it was.' : '.'),
    );
  }
  const batches = new EventBatches((event) => context.emit(event));
  for (const problem of problems) batches.problem(problem);

  let done = 0;
  let others = 0;
  const report = (): void => {
    context.progress({ phase: 'Importing images', done, total: files.length, unit: 'files' });
  };
  report();
  await forEachConcurrently(files, availableParallelism() + 2, async (file) => {
    context.signal.throwIfAborted();
    try {
      const outcome = await importFile(file, known.get(file.path), context.places.libraryPath);
      if (outcome === 'unchanged') batches.unchanged(file.path);
      else if (outcome === 'other') others++;
      else batches.image(outcome);
    } catch (error) {
      if (!(error instanceof ImageProblem)) throw error;
      batches.problem({ path: file.path, code: error.code, reason: error.message });
    }
    done++;
    report();
  });
  batches.flush();
  if (others > 0)
    context.log('info', `${String(others)} files are no images by name or content and were left alone.`);
  return { ...batches.counts, seconds: (performance.now() - started) / 1000 };
}

async function findFiles(
  root: string,
  context: WorkerContext<'import'>,
): Promise<{ files: FoundFile[]; problems: ImportProblem[] }> {
  const files: FoundFile[] = [];
  const problems: ImportProblem[] = [];
  let hidden = 0;
  for await (const entry of walkFolder(root, context.signal)) {
    if (entry.kind === 'file') files.push(entry);
    else if (entry.kind === 'problem')
      problems.push({ path: entry.path, code: entry.code, reason: entry.reason });
    else if (entry.kind === 'hidden') hidden++;
    else if (entry.path !== '')
      problems.push({
        path: entry.path,
        code: 'empty-folder',
        reason: 'The folder is empty: it gives no class.',
      });
    context.progress({ phase: 'Looking for images', done: files.length, total: null, unit: 'files' });
  }
  if (hidden > 0) context.log('info', `${String(hidden)} hidden entries were skipped.`);
  return { files, problems };
}

function readKnownFromLibrary(libraryPath: string, datasetId: string): Map<string, KnownFile> {
  const catalog = openCatalog(libraryPath, { readonly: true });
  try {
    return readKnownFiles(catalog, datasetId);
  } finally {
    catalog.close();
  }
}
