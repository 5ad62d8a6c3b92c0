import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { COMMON_HEADERS, answerText } from './answer.ts';
import { realPathBelow } from './inside.ts';
import type { BlobSource } from './sources.ts';

const HASH = /^[0-9a-f]{64}$/;

/** Streams a stored file; its name is its content, so it never changes. */
export async function answerBlob(blobs: BlobSource, hash: string, response: ServerResponse): Promise<void> {
  if (!HASH.test(hash)) return answerText(response, 400, 'A blob is named by 64 hex digits.');
  const file = await realPathBelow(blobs.root, blobs.path(hash));
  if (file === null) return answerText(response, 404, `The library has no file ${hash.slice(0, 12)}…`);
  const { size } = await stat(file);
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'content-type': 'application/octet-stream',
    'content-length': size,
    'cache-control': 'private, max-age=31536000, immutable',
    etag: `"${hash}"`,
  });
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), response);
}
