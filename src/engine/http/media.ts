import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { UserError } from '#shared/rpc/errors.ts';
import { COMMON_HEADERS, answerText } from './answer.ts';
import type { MediaSource } from './sources.ts';

const MIN_WIDTH = 64;
const MAX_WIDTH = 2048;

/** `/media/<imageId>?w=256`: the picture at about that width; without one, as large as it is given. */
export async function answerMedia(
  media: MediaSource,
  name: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const imageId = /^[1-9]\d{0,14}$/.test(name) ? Number(name) : null;
  const asked = url.searchParams.get('w') ?? String(MAX_WIDTH);
  const width = /^\d{1,4}$/.test(asked) ? Number(asked) : 0;
  if (imageId === null) return answerText(response, 400, 'An image is named by its number.');
  if (width < MIN_WIDTH || width > MAX_WIDTH)
    return answerText(response, 400, `w goes from ${MIN_WIDTH} to ${MAX_WIDTH}.`);
  try {
    const { body, type, etag } = await media.open(imageId, width);
    const headers = {
      ...COMMON_HEADERS,
      // Asked for again each time: a number names another picture after an import, and in another library.
      'cache-control': 'private, no-cache',
      etag: `"${etag}"`,
    };
    if (request.headers['if-none-match'] === `"${etag}"`) {
      if (!(body instanceof Uint8Array)) body.destroy();
      response.writeHead(304, headers).end();
    } else if (body instanceof Uint8Array) {
      response.writeHead(200, { ...headers, 'content-type': type, 'content-length': body.byteLength });
      response.end(body);
    } else {
      response.writeHead(200, { ...headers, 'content-type': type });
      await pipeline(body, response);
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    answerText(response, error.code === 'not-found' ? 404 : 422, error.message);
  }
}
