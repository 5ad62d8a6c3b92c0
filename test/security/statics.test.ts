import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRequestHandler } from '#engine/http/handler.ts';
import { isBelow } from '#engine/http/inside.ts';
import { PAGE_HEADERS } from '#shared/rpc/page-policy.ts';
import { ask } from './ask.ts';

let folder: string;
let server: Server;
let port: number;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumage-statics-'));
  mkdirSync(path.join(folder, 'renderer', 'assets'), { recursive: true });
  mkdirSync(path.join(folder, 'renderer-secret'));
  writeFileSync(path.join(folder, 'renderer', 'index.html'), '<h1>studio</h1>');
  writeFileSync(path.join(folder, 'renderer', 'assets', 'a.js'), 'studio()');
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  writeFileSync(path.join(folder, 'renderer-secret', 'x.txt'), 'secret');
  symlinkSync(path.join(folder, 'secret.txt'), path.join(folder, 'renderer', 'link.txt'));
  const handler = createRequestHandler({
    blobs: { root: folder, path: () => '' },
    media: { open: () => Promise.reject(new Error('no picture')) },
    statics: { root: path.join(folder, 'renderer'), headers: PAGE_HEADERS },
    onBug: () => undefined,
  });
  server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('the studio’s files', () => {
  it('come with their type and the policy of the page', async () => {
    const page = await ask({ port }, '/');
    expect(page).toMatchObject({
      status: 200,
      body: '<h1>studio</h1>',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(page.headers).toMatchObject(PAGE_HEADERS);
    expect(await ask({ port }, '/assets/a.js')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/javascript; charset=utf-8' },
    });
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/%252e%252e%252fsecret.txt',
    '/../renderer-secret/x.txt',
    '/..%2frenderer-secret%2fx.txt',
    '/link.txt',
    '//etc/passwd',
    '/%00',
    '/%ff',
    '/assets',
  ])('do not lead out: %s', async (at) => {
    const { status, body } = await ask({ port }, at);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain('secret');
  });
});

describe('the policy of the page', () => {
  it('starts from nothing, allows its own origin, and no inline code or eval', () => {
    const policy = PAGE_HEADERS['content-security-policy'] ?? '';
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/unsafe|http:|https:|ws:|\*/);
    for (const rule of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
      expect(policy).toContain(rule);
  });
});

describe('being below a folder', () => {
  it('is no matter of a common beginning', () => {
    expect(isBelow('/a/b', '/a/b/c')).toBe(true);
    expect(isBelow('/a/b', '/a/b/..c')).toBe(true);
    for (const target of ['/a/bc', '/a/b', '/a', '/a/b/../c', '/'])
      expect([target, isBelow('/a/b', target)]).toEqual([target, false]);
  });
});
