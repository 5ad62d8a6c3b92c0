import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { DoctorReport } from '#shared/contract/system.ts';
import { cachePath } from '../process/places.ts';
import { programVersion } from '../process/program.ts';
import { probeBackends } from './backends.ts';
import { folderSizeBytes } from './folder-size.ts';

/** What the catalogue knows about itself. */
export interface LibraryFacts {
  readonly schemaVersion: number;
  readonly datasets: number;
  readonly images: number;
}

/** Looks at everything that a person may have to know when something does not work. */
export async function examine(
  libraryPath: string,
  facts: LibraryFacts,
  signal: AbortSignal,
  probe: typeof probeBackends = probeBackends,
): Promise<DoctorReport> {
  const cache = cachePath();
  const [backends, disk, librarySize, cacheSize] = await Promise.all([
    probe(signal),
    statfs(libraryPath),
    folderSizeBytes(libraryPath),
    folderSizeBytes(cache),
  ]);
  const cpus = os.cpus();
  return {
    version: programVersion(),
    backends,
    electron: electronVersion(cache),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch} (${os.release()})`,
    cpu: { model: cpus[0]?.model.trim() ?? 'unknown', cores: cpus.length },
    memoryBytes: os.totalmem(),
    library: { path: libraryPath, sizeBytes: librarySize, ...facts },
    disk: { path: libraryPath, freeBytes: disk.bavail * disk.bsize },
    cache: { path: cache, sizeBytes: cacheSize },
  };
}

/** The window tells its version by the environment; without a window, what set-up brought counts. */
function electronVersion(cache: string): string | null {
  return process.env['PLUMAGE_ELECTRON_VERSION'] ?? officialElectron() ?? carriedElectron(cache);
}

/** The build that Electron's own package downloaded. */
function officialElectron(): string | null {
  try {
    const folder = path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    return readFileSync(path.join(folder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
  } catch {
    return null;
  }
}

/** The build that set-up keeps for all clones. */
function carriedElectron(cache: string): string | null {
  try {
    const text = readFileSync(path.join(cache, 'electron', 'current.json'), 'utf8');
    return (JSON.parse(text) as { version: string }).version;
  } catch {
    return null;
  }
}
