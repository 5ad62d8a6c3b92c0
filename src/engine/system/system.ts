import type { Handlers } from '#shared/contract/index.ts';
import { programVersion } from '../process/program.ts';
import { type LibraryFacts, examine } from './doctor.ts';
import { readLicences } from './licences.ts';

export interface SystemParts {
  readonly libraryPath: string;
  readonly resourcesPath: string;
  readonly startedAtMs: number;
  libraryFacts(): LibraryFacts;
  serve(port: number): Promise<{ readonly url: string; readonly port: number }>;
  unserve(): Promise<void>;
  /** @returns whether the engine ends now */
  shutdown(force: boolean): boolean;
}

/** The calls that concern the engine itself; `system.changes` belongs to the services. */
export function createSystemHandlers(parts: SystemParts): Omit<Handlers['system'], 'changes'> {
  const { libraryPath, resourcesPath, startedAtMs } = parts;
  const version = programVersion();
  return {
    info: () => ({ version, libraryPath, pid: process.pid, startedAt: startedAtMs }),
    doctor: (_input, { signal }) => examine(libraryPath, parts.libraryFacts(), signal),
    serve: ({ port }) => parts.serve(port),
    unserve: () => parts.unserve(),
    licences: () => readLicences(resourcesPath),
    shutdown: ({ force }) => ({ stopping: parts.shutdown(force) }),
  };
}
