import path from 'node:path';
import { exportFiles } from '../exports/export-files.ts';
import type { Session } from '../session.ts';

/** Writes the classes and the queries of an evaluation, worst first, where files are named. @returns their paths */
export async function writeTables(
  session: Session,
  evaluation: string,
  files: { readonly classes?: string | undefined; readonly queries?: string | undefined },
  overwrite: boolean,
): Promise<string[]> {
  const written: string[] = [];
  for (const what of ['classes', 'queries'] as const) {
    const out = files[what];
    if (out === undefined) continue;
    const wish = { what, source: evaluation, format: 'csv', out: path.resolve(out), overwrite } as const;
    written.push(...(await exportFiles(session, wish)));
  }
  return written;
}
