import { parseArgs } from 'node:util';
import { defaultLibraryPath, realLibraryPath } from './places.ts';

export interface EngineArguments {
  readonly libraryPath: string;
  readonly owner: 'window' | 'clients';
}

/** `--library DIR --owner window|clients` */
export function parseEngineArguments(argv: readonly string[]): EngineArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: { library: { type: 'string' }, owner: { type: 'string', default: 'clients' } },
  });
  return {
    libraryPath: realLibraryPath(values.library ?? defaultLibraryPath()),
    owner: values.owner === 'window' ? 'window' : 'clients',
  };
}
