/** A line of ui/FilterList.svelte; lines of one section lie together and get a heading. */
export interface FilterItem {
  readonly key: string | number;
  readonly section?: string;
}

/** True where every word that is typed occurs in the text. */
export function hasAllWords(text: string, words: string): boolean {
  const lower = text.toLocaleLowerCase();
  return words
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
