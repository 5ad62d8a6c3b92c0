import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly text: string;
}

/** The licences of everything shipped, as `scripts/licences.mjs` wrote them down. */
export async function readLicences(resourcesPath: string): Promise<Licence[]> {
  const file = path.join(resourcesPath, 'licences', 'licences.json');
  return JSON.parse(await readFile(file, 'utf8')) as Licence[];
}
