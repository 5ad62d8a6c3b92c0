/**
 * What stands before a network's names in a file: `module.`, `model.backbone.`, or nothing. Each wanted name that ends a
 * name of the file votes for what is before it, and the whole file has the one prefix with the most votes.
 *
 * @returns the prefix with its dot, and how many wanted names it finds
 */
export function commonPrefix(
  wanted: Iterable<string>,
  names: Iterable<string>,
): { readonly prefix: string; readonly votes: number } {
  const endings = new Map<string, string[]>();
  for (const name of names) {
    for (let at = 0; at >= 0; at = nextPart(name, at)) {
      const ending = name.slice(at);
      const before = endings.get(ending);
      if (before) before.push(name.slice(0, at));
      else endings.set(ending, [name.slice(0, at)]);
    }
  }
  const votes = new Map<string, number>();
  for (const name of wanted)
    for (const prefix of endings.get(name) ?? []) votes.set(prefix, (votes.get(prefix) ?? 0) + 1);
  let best = { prefix: '', votes: votes.get('') ?? 0 };
  for (const [prefix, count] of votes) if (count > best.votes) best = { prefix, votes: count };
  return best;
}

/** Where the next part of a name begins, after a dot or a slash; -1 at its end. */
function nextPart(name: string, at: number): number {
  const dot = name.slice(at).search(/[./]/);
  return dot < 0 ? -1 : at + dot + 1;
}
