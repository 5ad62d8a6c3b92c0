import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDemo } from '#datasets/demo/make-demo.ts';

export interface EmojiSlice {
  /** A folder a class. */
  readonly path: string;
  remove(): Promise<void>;
}

/** Some of the demo's pictures, small, in a folder of their own. */
export async function makeEmojiSlice(options: {
  readonly classes: number;
  readonly side: number;
}): Promise<EmojiSlice> {
  const folder = await mkdtemp(join(tmpdir(), 'plumage-slice-'));
  const path = join(folder, 'emoji');
  await makeDemo({ folder: path, size: options.side, maxClasses: options.classes });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
