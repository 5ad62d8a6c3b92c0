import type { FileHandle } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { csvRow } from '#formats/csv.ts';
import { writeWhole } from './output-file.ts';
import type { Table } from './tables.ts';

/** Rows written before others get their turn on the engine's thread. */
const ROWS_A_TURN = 500;

/** Writes a table as CSV (with a header line) or as a JSON array of objects. */
export async function writeTable(
  table: Table,
  format: 'csv' | 'json',
  path: string,
  overwrite: boolean,
  signal: AbortSignal,
): Promise<void> {
  await writeWhole(path, overwrite, (handle) =>
    format === 'csv' ? writeCsv(table, handle, signal) : writeJson(table, handle, signal),
  );
}

async function writeCsv(table: Table, handle: FileHandle, signal: AbortSignal): Promise<void> {
  const line = (cells: Parameters<typeof csvRow>[0]): string => csvRow(cells).replace(/\r?\n$/, '') + '\n';
  await handle.writeFile(line(table.columns));
  await inTurns(
    table,
    signal,
    (cells) => line(cells),
    (text) => handle.writeFile(text),
  );
}

async function writeJson(table: Table, handle: FileHandle, signal: AbortSignal): Promise<void> {
  let isFirst = true;
  await handle.writeFile('[');
  await inTurns(
    table,
    signal,
    (cells) => {
      const row = Object.fromEntries(table.columns.map((column, index) => [column, cells[index] ?? null]));
      const text = `${isFirst ? '\n' : ',\n'}${JSON.stringify(row)}`;
      isFirst = false;
      return text;
    },
    (text) => handle.writeFile(text),
  );
  await handle.writeFile('\n]\n');
}

async function inTurns(
  table: Table,
  signal: AbortSignal,
  textOf: (cells: Parameters<typeof csvRow>[0]) => string,
  write: (text: string) => Promise<unknown>,
): Promise<void> {
  let batch = '';
  let rows = 0;
  for (const cells of table.rows) {
    batch += textOf(cells);
    if (++rows % ROWS_A_TURN !== 0) continue;
    signal.throwIfAborted();
    await write(batch);
    batch = '';
    await nextTurn();
  }
  if (batch !== '') await write(batch);
}
