import type { Client } from '#shared/contract/index.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { PROGRAM } from '../session.ts';

/** A name as a shell takes it. */
export const quoted = (text: string): string => (/^[\w.-]+$/.test(text) ? text : `"${text}"`);

/**
 * The split that was named, else the dataset's newest one that fits its present revision.
 * @throws UserError `not-found`
 */
export async function splitFor(client: Client, dataset: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const all = await client.splits.list({ dataset });
  const newest = all.filter(({ stale }) => !stale).sort((a, b) => b.createdAt - a.createdAt)[0];
  if (newest) return newest.id;
  throw new UserError(
    'not-found',
    `"${dataset}" has no split of its present revision. Make one: ${PROGRAM} split ${quoted(dataset)}`,
  );
}
