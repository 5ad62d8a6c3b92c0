/** Text in columns, the last one as long as it likes. */
export function columns(
  rows: readonly (readonly string[])[],
  options: { readonly right?: readonly number[]; readonly gap?: number } = {},
): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, width(cell))));
  const gap = ' '.repeat(options.gap ?? 2);
  return rows
    .map((row) =>
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0, options.right?.includes(i) ?? false))
        .join(gap)
        .trimEnd(),
    )
    .join('\n');
}

/** A table with a head and a line under it. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const text = columns([head, ...rows], { right });
  const [first = '', ...rest] = text.split('\n');
  const ruled = '-'.repeat(Math.max(...text.split('\n').map(width)));
  return [first, ruled, ...rest].join('\n');
}

function pad(cell: string, to: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, to - width(cell)));
  return right ? space + cell : cell + space;
}

/** Columns that a terminal gives a text: combining marks none, wide East Asian letters and pictures two. */
function width(text: string): number {
  let sum = 0;
  for (const letter of text) {
    if (/\p{Mark}|\u200d|\ufe0f/u.test(letter)) continue;
    sum +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Emoji_Presentation}/u.test(
        letter,
      )
        ? 2
        : 1;
  }
  return sum;
}
