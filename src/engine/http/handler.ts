import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { answerText } from './answer.ts';
import { answerBlob } from './blob.ts';
import { answerMedia } from './media.ts';
import type { BlobSource, MediaSource } from './sources.ts';
import { answerStatic } from './statics.ts';

export interface HttpParts {
  readonly blobs: BlobSource;
  readonly media: MediaSource;
  /** The studio's build and the headers of its pages; null where only clients of ours connect. */
  readonly statics: { readonly root: string; readonly headers: OutgoingHttpHeaders } | null;
  onBug(path: string, error: unknown): void;
}

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Answers plain requests of both listeners; who may ask is decided before. */
export function createRequestHandler(parts: HttpParts): RequestHandler {
  return async (request, response) => {
    const url = parseUrl(request.url);
    if (url === null) return answerText(response, 400, 'This address is not readable.');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answerText(response, 405, 'Only reading is possible here.', { allow: 'GET, HEAD' });
    }
    try {
      await route(parts, url, request, response);
    } catch (error) {
      // The reader went away: nobody to answer, nothing broken.
      if (response.destroyed || (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE') return;
      parts.onBug(url.pathname, error);
      if (response.headersSent) response.destroy();
      else answerText(response, 500, 'Something broke inside Plumage; its log says what.');
    }
  };
}

async function route(
  parts: HttpParts,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, first, second, ...rest] = url.pathname.split('/');
  const named = second !== undefined && rest.length === 0 ? second : null;
  if (first === 'health' && second === undefined) answerText(response, 200, 'ok');
  else if (first === 'blob' && named !== null) await answerBlob(parts.blobs, named, response);
  else if (first === 'media' && named !== null) await answerMedia(parts.media, named, url, request, response);
  // Browsers ask for it unbidden; a page of ours that has one names it.
  else if (first === 'favicon.ico') response.writeHead(204).end();
  else if (parts.statics !== null)
    await answerStatic(parts.statics.root, url.pathname, response, parts.statics.headers);
  else answerText(response, 404, 'There is nothing here.');
}

/** Addresses as they came: `..` and `%2e` are resolved by URL before anything looks at them. */
export function parseUrl(text: string | undefined): URL | null {
  return URL.parse(text ?? '', 'http://plumage');
}
