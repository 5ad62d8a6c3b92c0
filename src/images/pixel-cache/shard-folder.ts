import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { readIndex, type ShardEntry } from './shard-format.ts';

export interface StoredPixels extends ShardEntry {
  readonly shard: string;
}

/** The shards of one picture size: `pixels/s<shorter side>/<name>.pixels` in the library. */
export class ShardFolder {
  readonly path: string;

  constructor(libraryPath: string, shorterSide: number) {
    this.path = join(libraryPath, 'pixels', `s${String(shorterSide)}`);
    mkdirSync(this.path, { recursive: true });
  }

  /** All images that complete shards hold, by content hash. Damaged shards and what dead processes left are removed. */
  load(): Map<string, StoredPixels> {
    const stored = new Map<string, StoredPixels>();
    for (const name of readdirSync(this.path).sort()) {
      const path = join(this.path, name);
      if (name.endsWith('.pixels')) {
        const entries = readIndex(path, crc32);
        if (entries === null) rmSync(path, { force: true });
        else for (const entry of entries) stored.set(entry.contentHash, { ...entry, shard: path });
      } else if (isAbandoned(name)) {
        rmSync(path, { force: true });
      }
    }
    return stored;
  }
}

/** Temporary shards are called `<process id>-<random>.part`. */
function isAbandoned(name: string): boolean {
  const pid = /^(\d+)-[0-9a-f]+\.part$/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
