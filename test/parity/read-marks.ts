/** Says what a case is and how large; the arrays and the topic have it too. */
const DESCRIPTIONS = new Set(['loss', 'task', 'miner', 'classes', 'N', 'D', 'steps', 'batchSize', 'samples']);

/** The params, which remember the names that were asked for. */
export function withReadMarks(params: Readonly<Record<string, unknown>>): {
  readonly params: Readonly<Record<string, unknown>>;
  /** Names of params that would change the numbers and that nobody has read: an adapter that does not know them. */
  unread(): string[];
} {
  const read = new Set<string | symbol>();
  return {
    params: new Proxy(params, {
      get: (target, name) => {
        read.add(name);
        return Reflect.get(target, name) as unknown;
      },
    }),
    unread: () => Object.keys(params).filter((name) => !read.has(name) && !DESCRIPTIONS.has(name)),
  };
}
