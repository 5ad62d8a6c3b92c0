import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A change to one file of the addon's source, found by a line that must occur exactly once:
 * `text` goes before it, after it or in its place.
 *
 * @typedef {{ file: string, anchor: string, place: 'before' | 'after' | 'instead', text: string }} Edit
 */

/** Applies one edit to a source text; a source that is not the one it was written for is refused. */
export function applyEdit(source, { file, anchor, place, text }) {
  const found = source.split(anchor).length - 1;
  if (found !== 1) {
    throw new Error(
      `${file}: expected one "${anchor.trim()}", found ${found}. The addon's source is not version 4.22.0.`,
    );
  }
  const replacement = { before: text + anchor, after: anchor + text, instead: text }[place];
  return source.replace(anchor, () => replacement);
}

/** Applies edits in order to the files of a folder. */
export function applyEdits(folder, edits) {
  for (const edit of edits) {
    const file = path.join(folder, edit.file);
    writeFileSync(file, applyEdit(readFileSync(file, 'utf8'), edit));
  }
}
