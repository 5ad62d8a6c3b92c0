import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Protocol } from 'electron';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EngineLink } from './engine-link.ts';
import { handleScheme } from './protocol.ts';

let folder: string;
let ask: (url: string) => Promise<Response>;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumage-scheme-'));
  const root = path.join(folder, 'renderer');
  mkdirSync(root);
  writeFileSync(path.join(root, '..chunk.js'), 'export {};');
  writeFileSync(path.join(folder, 'secret.js'), 'secret');
  symlinkSync(path.join(folder, 'secret.js'), path.join(root, 'link.js'));
  const protocol = {
    handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
      ask = (url) => handler(new Request(url));
    },
  };
  handleScheme(protocol as unknown as Protocol, root, {} as EngineLink);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a file whose name begins with two dots is served; nothing outside the build is', async () => {
  expect((await ask('app://studio/..chunk.js')).status).toBe(200);
  for (const url of ['/link.js', '/..%2fsecret.js', '/'])
    expect([url, (await ask(`app://studio${url}`)).status]).toEqual([url, 404]);
});
