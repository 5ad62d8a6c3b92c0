const LONGEST = 80;

/** A dataset's licence in one short line for its card; `whole` is false where there is more to read. */
export function licenceLine(licence: string): { readonly line: string; readonly whole: boolean } {
  const text = licence.trim();
  if (!text.includes('\n') && text.length <= LONGEST) return { line: text, whole: true };
  const lines = text.split('\n').map((line) => line.trim());
  // A Markdown table with one row for each licence: its head and the rule below it are not counted.
  const rows = lines.filter((line) => line.startsWith('|')).length - 2;
  if (rows > 0) return { line: `Licences: ${rows}`, whole: false };
  const first = (lines[0] ?? '').replace(/^#+\s*/, '');
  return {
    line: first.length <= LONGEST ? first : `${first.slice(0, LONGEST - 1).trimEnd()}…`,
    whole: false,
  };
}
