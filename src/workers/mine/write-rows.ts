import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { csvRow } from '#formats/csv.ts';
import { unreadable } from '#formats/unreadable.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { MinedTriplets } from '#learn/miners/smart.ts';

const COLUMNS = ['anchor', 'positive', 'negative', 'anchorPositive', 'anchorNegative'] as const;
const ROWS_AT_ONCE = 10_000;

/**
 * Writes triplets for other programs, as CSV with a heading or as a JSON array of objects, under a temporary name first.
 * An existing file is replaced only when `overwrite` is set, also when it appeared meanwhile.
 *
 * @returns the absolute path
 * @throws UserError conflict, not-found (no such folder), no-permission
 */
export async function writeRows(
  out: string,
  overwrite: boolean,
  mined: MinedTriplets,
  order: Int32Array,
  ids: Int32Array,
): Promise<string> {
  const path = resolve(out);
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const handle = await open(temporary, 'wx');
    try {
      for (const text of pieces(path, mined, order, ids)) await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (overwrite) await rename(temporary, path);
    else await link(temporary, path);
    return path;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UserError(
        'conflict',
        `${path} exists. Choose another name, or ask for it to be overwritten.`,
      );
    throw unreadable(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

function* pieces(path: string, mined: MinedTriplets, order: Int32Array, ids: Int32Array): Generator<string> {
  const json = path.toLowerCase().endsWith('.json');
  yield json ? '[' : csvRow(COLUMNS);
  for (let from = 0; from < order.length; from += ROWS_AT_ONCE) {
    let text = '';
    order.subarray(from, from + ROWS_AT_ONCE).forEach((row, i) => {
      const cells = [
        ids[mined.anchors[row]!]!,
        ids[mined.positives[row]!]!,
        ids[mined.negatives[row]!]!,
        mined.anchorPositive[row]!,
        mined.anchorNegative[row]!,
      ];
      if (!json) text += csvRow(cells);
      else {
        const object = Object.fromEntries(COLUMNS.map((column, c) => [column, cells[c]]));
        text += `${from + i === 0 ? '\n' : ',\n'}${JSON.stringify(object)}`;
      }
    });
    yield text;
  }
  if (json) yield '\n]\n';
}
