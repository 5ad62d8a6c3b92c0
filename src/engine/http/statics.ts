import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contentTypeOf } from '#shared/rpc/content-types.ts';
import { COMMON_HEADERS, answerText } from './answer.ts';
import { realPathBelow } from './inside.ts';

/** A file of the studio's build. Names with a hash in them are kept for ever, the rest is asked for again. */
export async function answerStatic(
  root: string,
  pathname: string,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  let name: string;
  try {
    name = decodeURIComponent(pathname);
  } catch {
    return answerText(response, 400, 'This address is not readable.');
  }
  if (name.includes('\0')) return answerText(response, 400, 'This address is not readable.');
  const wanted = path.join(root, name === '/' ? 'index.html' : name);
  const file = await realPathBelow(root, wanted);
  const found = file === null ? null : await stat(file);
  if (file === null || found === null || !found.isFile())
    return answerText(response, 404, 'There is nothing here.');
  response.writeHead(200, {
    ...COMMON_HEADERS,
    ...headers,
    'content-type': contentTypeOf(file),
    'content-length': found.size,
    'cache-control': name.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache',
  });
  await pipeline(createReadStream(file), response);
}
