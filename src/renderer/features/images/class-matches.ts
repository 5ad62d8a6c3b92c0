/**
 * Classes that fit what somebody types: names that begin with it first, then those with a word that does, then those
 * that contain it; larger classes first among equals.
 */
export function bestMatches<C extends { readonly name: string; readonly images: number }>(
  classes: readonly C[],
  words: string,
  most: number,
): readonly C[] {
  const needle = words.trim().toLocaleLowerCase();
  if (needle === '') return classes.slice(0, most);
  const ranked: { readonly one: C; readonly rank: number }[] = [];
  for (const one of classes) {
    const rank = rankOf(one.name.toLocaleLowerCase(), needle);
    if (rank !== null) ranked.push({ one, rank });
  }
  ranked.sort(
    (a, b) => a.rank - b.rank || b.one.images - a.one.images || a.one.name.localeCompare(b.one.name),
  );
  return ranked.slice(0, most).map(({ one }) => one);
}

function rankOf(name: string, needle: string): number | null {
  const at = name.indexOf(needle);
  if (at === -1) return null;
  if (at === 0) return name.length === needle.length ? 0 : 1;
  return /[\s_\-./]/.test(name[at - 1] ?? '') ? 2 : 3;
}
