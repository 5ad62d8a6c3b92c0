import { homedir } from 'node:os';
import path from 'node:path';

/** The clone. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** Where downloads and built things are kept for all clones of this user. */
export function cacheFolder(env = process.env) {
  if (env.PLUMAGE_CACHE) return path.resolve(env.PLUMAGE_CACHE);
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'plumage');
}

/** What set-up remembers of this clone; `npm ci` removes it together with what it speaks of. */
export const stateFolder = (root = ROOT) => path.join(root, 'node_modules', '.cache', 'plumage');

/** A relative program of node_modules, run with Node: `tool('vitest/vitest.mjs')`. */
export const tool = (relative, root = ROOT) => path.join(root, 'node_modules', relative);
