import process from 'node:process';
import { BUILDS, build, buildReady } from '../../scripts/setup/build.mjs';

/** The window and the engine as users run them: built, and from the sources of now. */
export async function buildAll(): Promise<void> {
  for (const name of Object.keys(BUILDS) as (keyof typeof BUILDS)[])
    if (!buildReady(name)) await build(name, { node: process.execPath });
}
