import path from 'node:path';
import { z } from 'zod';
import type { Client } from '#shared/contract/index.ts';
import type { ImportProblem } from '#shared/domain/dataset.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { followJob } from '../jobs/follow.ts';
import { count, plural, seconds } from '../output/numbers.ts';
import type { Session } from '../session.ts';
import { command } from '../syntax/definition.ts';

const PAGE = 1000;
const SHOWN_PROBLEMS = 10;

export interface ImportOutcome {
  readonly datasetId: string;
  readonly name: string;
  readonly revision: number;
  readonly images: number;
  readonly classes: number;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
  /** Groups of copies, exact and near. */
  readonly duplicates: number;
  readonly seconds: number;
}

async function allProblems(client: Client, dataset: string): Promise<ImportProblem[]> {
  const rows: ImportProblem[] = [];
  for (;;) {
    const page = await client.datasets.problems({ dataset, offset: rows.length, limit: PAGE });
    rows.push(...page.rows);
    if (page.rows.length === 0 || rows.length >= page.total) return rows;
  }
}

type ImportRequest = Parameters<Client['datasets']['import']>[0];

const Joined = z.object({ jobId: z.string(), datasetId: z.string() });

/** An import that runs already, as one that the next engine goes on with after a crash, is waited for. */
async function startOrJoin(
  session: Session,
  client: Client,
  request: ImportRequest,
): Promise<{ jobId: string; datasetId: string }> {
  try {
    return await client.datasets.import(request);
  } catch (error) {
    const running = error instanceof UserError && error.code === 'conflict' ? error : null;
    const joined = Joined.safeParse(running?.details);
    if (!joined.success) throw error;
    session.progress.say('This folder is being imported already; waiting for that import.');
    return joined.data;
  }
}

/** Imports a folder and waits for it; importing the same folder again takes in what changed. */
export async function importFolder(
  session: Session,
  request: {
    path: string;
    name?: string | undefined;
    layout?: 'auto' | 'folder';
    licence?: string | undefined;
  },
): Promise<ImportOutcome> {
  const client = await session.client();
  const startedAt = performance.now();
  const { jobId, datasetId } = await startOrJoin(session, client, {
    ...request,
    path: path.resolve(request.path),
  });
  await followJob(session, jobId, { resume: 'run the same import again; what is done is kept.' });
  const [dataset, problems] = await Promise.all([
    client.datasets.get({ dataset: datasetId }),
    allProblems(client, datasetId),
  ]);
  return {
    datasetId,
    name: dataset.name,
    revision: dataset.revision,
    images: dataset.images,
    classes: dataset.classes,
    skipped: problems.map(({ path: file, reason }) => ({ path: file, reason })),
    duplicates: dataset.duplicateGroups,
    seconds: (performance.now() - startedAt) / 1000,
  };
}

function describe(outcome: ImportOutcome): string {
  const lines = [
    `${outcome.name}: ${plural(outcome.images, 'image')} in ${plural(outcome.classes, 'class', 'classes')}, ` +
      `${plural(outcome.duplicates, 'group')} of duplicates, ${seconds(outcome.seconds)} (${outcome.datasetId}, revision ${outcome.revision})`,
  ];
  if (outcome.skipped.length > 0) {
    lines.push(`${plural(outcome.skipped.length, 'file')} could not be read:`);
    lines.push(
      ...outcome.skipped.slice(0, SHOWN_PROBLEMS).map(({ path: file, reason }) => `  ${file}: ${reason}`),
    );
    const more = outcome.skipped.length - SHOWN_PROBLEMS;
    if (more > 0) lines.push(`  and ${count(more)} more; --json lists all`);
  }
  return lines.join('\n');
}

export const importCommand = command({
  name: 'import',
  summary: 'take a folder of images into the library; originals stay where they are',
  arguments: [{ name: 'PATH', help: 'the folder', required: true }],
  options: {
    name: { type: 'text', help: "what to call it (default: the folder's name)" },
    layout: {
      type: 'text',
      choices: ['auto', 'folder'],
      default: 'auto',
      help: 'how the folder is organised',
    },
    licence: { type: 'text', help: 'the licence of the images, shown with them' },
  },
  examples: ['import ~/birds', 'import ~/birds --name "Birds 2026" --json'],
  async run({ arguments: [folder = ''], options }, session) {
    const outcome = await importFolder(session, { path: folder, ...options });
    return { json: outcome, text: describe(outcome) };
  },
});
