import process from 'node:process';
import { BUILDS, build, buildReady } from '../../scripts/setup/build.mjs';

type BuildName = keyof typeof BUILDS;

/** The window and the engine as users run them (or one of the two): built, and from the sources of now. */
export async function buildAll(names = Object.keys(BUILDS) as BuildName[]): Promise<void> {
  for (const name of names) if (!buildReady(name)) await build(name, { node: process.execPath });
}
