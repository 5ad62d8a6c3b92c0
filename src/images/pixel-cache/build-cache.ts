import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';
import { decodeBytes } from '../decode/decode-image.ts';
import { ImageProblem, toImageProblem } from '../decode/image-problem.ts';
import { locateFile } from '../decode/locate-file.ts';
import { hashBytes } from '../hash/hash-file.ts';
import type { RgbImage } from '../transforms/pixels.ts';
import { forEachConcurrently } from '../parallel/for-each-concurrently.ts';
import { ShardWriter } from './shard-writer.ts';

export interface CacheItem {
  readonly imageId: number;
  /** Absolute. */
  readonly path: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly contentHash: string;
}

export interface BuildOptions {
  readonly folder: string;
  readonly shorterSide: number;
  readonly items: readonly CacheItem[];
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes `items` and appends them to shards in `folder`, several at once. Stopped or killed, it keeps the shards that
 * are complete.
 * @throws UserError not-found where files can no longer be read, no-space; Cancelled
 */
export async function buildCache({
  folder,
  shorterSide,
  items,
  onProgress,
  signal,
}: BuildOptions): Promise<void> {
  const writer = new ShardWriter(folder);
  const lost: { item: CacheItem; problem: ImageProblem }[] = [];
  let writing = Promise.resolve();
  let done = 0;
  try {
    await forEachConcurrently(items, availableParallelism() + 1, async (item) => {
      if (signal?.aborted) throw signal.reason instanceof Error ? signal.reason : new Cancelled();
      try {
        const image = await decodeKnown(item, shorterSide);
        writing = writing.then(() => writer.add(item.contentHash, image));
        await writing;
      } catch (error) {
        if (!(error instanceof ImageProblem)) throw error;
        lost.push({ item, problem: error });
      }
      onProgress?.(++done, items.length);
    });
    await writer.finish();
  } catch (error) {
    await writing.catch(() => undefined);
    // A person who stops keeps what is done; a full disk or a defect drops the shard in hand.
    await (error instanceof UserError ? writer.discard() : writer.finish().catch(() => writer.discard()));
    throw error;
  }
  const first = lost[0];
  if (first !== undefined) {
    throw new UserError(
      'not-found',
      `${String(lost.length)} of ${String(items.length)} images can no longer be read; the first is ${first.item.path}: ` +
        `${first.problem.message} Put the files back, or import the folder again and make a new split.`,
      {
        details: lost
          .slice(0, 100)
          .map(({ item, problem }) => ({ path: item.path, reason: problem.message })),
      },
    );
  }
}

/**
 * The picture that the catalogue knows by its hash. Another one may lie at its path by now: under the old hash its pixels
 * would stay in the cache for good.
 */
async function decodeKnown({ path, contentHash }: CacheItem, shorterSide: number): Promise<RgbImage> {
  const bytes = await locateFile(path)
    .then((found) => readFile(found))
    .catch((error: unknown) => {
      throw toImageProblem(error);
    });
  if (hashBytes(bytes) !== contentHash)
    throw new ImageProblem('unreadable', 'The file has changed since it was imported.');
  return decodeBytes(bytes, { shorterSide });
}
