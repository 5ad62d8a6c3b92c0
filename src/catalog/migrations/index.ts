import { sql as foundation } from './001-foundation.ts';
import { sql as contentOfEmbeddings } from './002-content-of-embeddings.ts';
import { sql as sweeps } from './003-sweeps.ts';
import { sql as weights } from './004-weights.ts';

/** One step from a schema version to the next; never edited once it has shipped. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'foundation', sql: foundation },
  { version: 2, name: 'content of embeddings', sql: contentOfEmbeddings },
  { version: 3, name: 'sweeps', sql: sweeps },
  { version: 4, name: 'weights', sql: weights },
];

/** The schema that this copy of Plumage writes. */
export const SCHEMA_VERSION = migrations.at(-1)!.version;

/** Marks the file as ours: "PLUM". */
export const APPLICATION_ID = 0x504c554d;
