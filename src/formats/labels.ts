import { open, readFile, stat } from 'node:fs/promises';
import { UserError } from '#shared/rpc/errors.ts';
import { parseCsv } from './csv.ts';
import { isNpy } from './npy-header.ts';
import { readNpy } from './npy.ts';
import { unreadable } from './unreadable.ts';

/** One class a row, numbered in the order in which they appear. */
export interface Labels {
  /** [rows], numbers into `names`. */
  readonly labels: Int32Array;
  readonly names: readonly string[];
}

const HEADINGS = ['label', 'labels', 'class', 'class_name', 'class_id', 'target', 'y'];
const LARGEST_TEXT_BYTES = 512 * 1024 * 1024;

/**
 * Labels from npy (integers), CSV or TSV (one column, or a column headed label, class or target) or JSON (an array, or an
 * object with an array `labels`). What the file is, its content tells first and its ending second.
 *
 * @throws UserError not-found, no-permission, bad-input
 */
export async function readLabels(path: string): Promise<Labels> {
  try {
    if (await startsAsNpy(path)) return numbered(await integersOf(path));
    if (path.endsWith('.npy')) await readNpy(path);
    if ((await stat(path)).size > LARGEST_TEXT_BYTES) {
      throw new UserError('bad-input', `${path} is larger than 512 MB. Give the labels as npy.`);
    }
    const text = await readFile(path, 'utf8');
    if (/^\s*[[{]/.test(text)) return numbered(fromJson(text, path));
    return numbered(fromCsv(text, path));
  } catch (error) {
    throw unreadable(error, path);
  }
}

async function startsAsNpy(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const start = new Uint8Array(6);
    const { bytesRead } = await handle.read(start, 0, 6, 0);
    return bytesRead === 6 && isNpy(start);
  } finally {
    await handle.close();
  }
}

async function integersOf(path: string): Promise<string[]> {
  const { type, shape, data } = await readNpy(path);
  if (type.startsWith('f')) {
    throw new UserError(
      'bad-input',
      `${path} holds float labels. Labels are integers: convert them with astype("int64").`,
    );
  }
  const oneColumn = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!oneColumn) {
    throw new UserError(
      'bad-input',
      `${path} has the shape (${shape.join(', ')}). Labels are one number a row.`,
    );
  }
  return Array.from(data as ArrayLike<number | bigint>, String);
}

function fromJson(text: string, path: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError('bad-input', `${path} is no valid JSON (${(cause as Error).message}).`, { cause });
  }
  const list = typeof value === 'object' && value !== null && 'labels' in value ? value.labels : value;
  if (!Array.isArray(list))
    throw new UserError(
      'bad-input',
      `${path} should hold an array of labels, or an object with one named "labels".`,
    );
  return list.map((label: unknown, row) => {
    if (typeof label === 'string' || (typeof label === 'number' && Number.isFinite(label)))
      return String(label);
    throw new UserError(
      'bad-input',
      `${path}: label ${row} (counted from 0) is ${JSON.stringify(label)}. Labels are texts or numbers.`,
    );
  });
}

function fromCsv(text: string, path: string): string[] {
  const rows = parseCsv(text, path, path.endsWith('.tsv') ? '\t' : ',');
  const first = rows[0] ?? [];
  const headed = first.findIndex((cell) => HEADINGS.includes(cell.trim().toLowerCase()));
  const column = Math.max(0, headed);
  if (headed < 0 && first.length > 1) {
    throw new UserError(
      'bad-input',
      `${path} has ${first.length} columns and none is headed "label". Head the column of labels "label".`,
    );
  }
  return rows.slice(headed < 0 ? 0 : 1).map((row, i) => {
    const label = row[column]?.trim() ?? '';
    if (label === '')
      throw new UserError(
        'bad-input',
        `${path}: row ${i} (counted from 0, without the heading) has no label.`,
      );
    return label;
  });
}

function numbered(texts: readonly string[]): Labels {
  const numbers = new Map<string, number>();
  const labels = new Int32Array(texts.length);
  texts.forEach((text, row) => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    labels[row] = known;
  });
  return { labels, names: [...numbers.keys()] };
}
