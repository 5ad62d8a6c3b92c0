import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether this file runs as written (development, tests) or out of a build. */
export const runsFromSource = import.meta.url.endsWith('.ts');

/** Folder with package.json, `resources/` and either `src/` or `out/`: the same for source and build. */
export function programRoot(from = fileURLToPath(import.meta.url)): string {
  let folder = path.dirname(from);
  while (!existsSync(path.join(folder, 'package.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${from}.`);
    folder = parent;
  }
  return folder;
}

export function programVersion(): string {
  const text = readFileSync(path.join(programRoot(), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Shipped weights and licences. */
export function resourcesPath(env: NodeJS.ProcessEnv = process.env): string {
  return env['PLUMAGE_RESOURCES'] ?? path.join(programRoot(), 'resources');
}

/**
 * The file to run for a program that runs in Node: `engine`, `workers/train`. Source starts source; a build starts its
 * build and, where main was built alone, the source.
 */
export function entryOf(name: string, root = programRoot(), fromSource = runsFromSource): string {
  // Tests of the shell put a small engine in the place of the real one.
  const given = process.env['PLUMAGE_ENGINE_ENTRY'];
  if (name === 'engine' && given) return given;
  const source = path.join(root, 'src', name, 'main.ts');
  const built = path.join(root, 'out', 'node', `${name}.js`);
  if (fromSource || !existsSync(built)) return source;
  return built;
}
