/** What `node:path` offers of this; it comes in, because nothing here may ask which system it runs on. */
export interface PathRules {
  readonly sep: string;
  relative(from: string, to: string): string;
  isAbsolute(path: string): boolean;
}

/** True when `target` lies below `root`. Both have to be real paths; a common prefix of the text proves nothing. */
export function isBelow(rules: PathRules, root: string, target: string): boolean {
  const way = rules.relative(root, target);
  return way !== '' && !rules.isAbsolute(way) && way.split(rules.sep)[0] !== '..';
}
