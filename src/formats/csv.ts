import { UserError } from '#shared/rpc/errors.ts';

const LARGEST_CELL = 1024 * 1024;

/**
 * Rows of a CSV text by RFC 4180: quoted cells may hold commas, quotes (doubled) and line breaks; CRLF, LF or CR end a
 * row; a byte-order mark and empty lines are skipped.
 *
 * @throws UserError bad-input with the line: a quote that is never closed, or text after a closing quote
 */
export function parseCsv(text: string, what = 'The CSV file', separator = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  const fail = (why: string): never => {
    throw new UserError('bad-input', `${what}, line ${line}: ${why}.`);
  };
  const endRow = (): void => {
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  };
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const opened = line;
      cell = '';
      for (at++; ; at++) {
        const close = text.indexOf('"', at);
        if (close < 0) {
          line = opened;
          fail('a quoted cell is never closed');
        }
        cell += text.slice(at, close);
        if (cell.length > LARGEST_CELL)
          fail('a cell is longer than a million characters; a quote may be missing');
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
      line += countLines(cell);
      if (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') {
        fail('text stands behind a closing quote; double the quotes inside a cell');
      }
    } else {
      const from = at;
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at++;
      cell = text.slice(from, at);
    }
    row.push(cell);
    const next = text[at];
    at++;
    if (next === separator) {
      if (at === text.length) row.push('');
      continue;
    }
    if (next === '\r' && text[at] === '\n') at++;
    endRow();
    line++;
  }
  if (row.length > 0) endRow();
  return rows;
}

/** One row with its line end. Cells with separators, quotes, line breaks or outer blanks are quoted. */
export function csvRow(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map((cell) => quoted(cell === null ? '' : String(cell))).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function countLines(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}
