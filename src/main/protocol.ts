import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { Protocol } from 'electron';
import { isBelow } from '#shared/paths/is-below.ts';
import { contentTypeOf } from '#shared/rpc/content-types.ts';
import { PAGE_HEADERS } from '#shared/rpc/page-policy.ts';
import { requestEngine } from '../engine/process/connect.ts';
import type { EngineLink } from './engine-link.ts';
import { HOST, SCHEME } from './origin.ts';

/** Has to be called before the app is ready. */
export function registerScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

const COMMON = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };
const PASSED_ON = ['content-type', 'content-length', 'cache-control', 'etag'];

/** Answers `app://studio/…`: the studio's build from disk at once, pictures and blobs from the engine. */
export function handleScheme(protocol: Protocol, rendererPath: string, link: EngineLink): void {
  protocol.handle(SCHEME, async (request) => {
    const url = new URL(request.url);
    if (url.host !== HOST) return answer(404, 'There is nothing here.');
    if (request.method !== 'GET') return answer(405, 'Only reading is possible here.');
    if (/^\/(?:media|blob)\//.test(url.pathname)) return await fromEngine(link, url, request.signal);
    return await fromDisk(rendererPath, url.pathname);
  });
}

async function fromEngine(link: EngineLink, url: URL, signal: AbortSignal): Promise<Response> {
  try {
    const { socketPath } = await link.ready();
    const response = await requestEngine(socketPath, url.pathname + url.search, { signal });
    const headers = new Headers(COMMON);
    for (const name of PASSED_ON) {
      const value = response.headers[name];
      if (typeof value === 'string') headers.set(name, value);
    }
    return new Response(Readable.toWeb(response) as unknown as ReadableStream, {
      status: response.statusCode ?? 502,
      headers,
    });
  } catch {
    return answer(503, 'The engine does not answer.');
  }
}

async function fromDisk(root: string, pathname: string): Promise<Response> {
  try {
    const wanted = path.join(root, decodeURIComponent(pathname === '/' ? '/index.html' : pathname));
    const [realRoot, file] = await Promise.all([realpath(root), realpath(wanted)]);
    if (!isBelow(path, realRoot, file)) return answer(404, 'There is nothing here.');
    const bytes = new Uint8Array(await readFile(file));
    return new Response(bytes, {
      headers: { ...COMMON, ...PAGE_HEADERS, 'content-type': contentTypeOf(file) },
    });
  } catch {
    return answer(404, 'There is nothing here.');
  }
}

function answer(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...COMMON, ...PAGE_HEADERS, 'content-type': 'text/plain; charset=utf-8' },
  });
}
