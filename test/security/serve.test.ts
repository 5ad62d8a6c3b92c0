import { readFileSync } from 'node:fs';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineConnection } from '#engine/process/connect.ts';
import { EngineHouse } from '../contract/support/engine-house.ts';
import { ask, upgrade } from './ask.ts';

let house: EngineHouse;
let engine: EngineConnection;
let port: number;
let cookie: string;
beforeAll(async () => {
  house = await EngineHouse.open();
  engine = await house.connect();
  const { url, port: opened } = await engine.client.system.serve({});
  port = opened;
  const entered = await ask({ port }, pathOf(url));
  cookie = cookieOf(entered.headers['set-cookie']);
});
afterAll(() => house.close());

const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search;
const cookieOf = (header: string[] | undefined): string => header?.[0]?.split(';')[0] ?? '';
const host = (): string => `127.0.0.1:${port}`;
const origin = (): string => `http://${host()}`;

describe('the door for browsers', () => {
  it('is open on loopback only', async () => {
    const others = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
    );
    expect(await canConnect('127.0.0.1')).toBe(true);
    for (const { address } of others) expect(await canConnect(address)).toBe(false);
  });

  it('gives nothing without a cookie', async () => {
    for (const at of [
      '/',
      '/health',
      '/media/1',
      `/blob/${'a'.repeat(64)}`,
      '/index.html',
      '/?token=',
      '/?token=guess',
    ]) {
      const answer = await ask({ port }, at);
      expect([at, answer.status]).toEqual([at, 403]);
      expect(answer.headers['set-cookie']).toBeUndefined();
    }
  });

  it('takes a token once, and gives an HttpOnly, SameSite=Strict cookie for it', async () => {
    const { url } = await engine.client.system.serve({});
    expect(new URL(url).searchParams.get('token')).toMatch(/^[\w-]{43}$/);
    const first = await ask({ port }, pathOf(url));
    expect(first).toMatchObject({ status: 303, headers: { location: '/' } });
    expect(first.headers['set-cookie']?.[0]).toMatch(
      /^plumage-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/,
    );
    const second = await ask({ port }, pathOf(url));
    expect(second.status).toBe(403);
    expect(second.headers['set-cookie']).toBeUndefined();
    expect(await ask({ port }, '/health', { cookie: cookieOf(first.headers['set-cookie']) })).toMatchObject({
      status: 200,
    });
  });

  it('does not take a token elsewhere than at the front door, nor as a cookie', async () => {
    const { url } = await engine.client.system.serve({});
    const token = new URL(url).searchParams.get('token') ?? '';
    expect((await ask({ port }, `/health?token=${token}`)).status).toBe(403);
    expect((await ask({ port }, '/health', { cookie: `plumage-${port}=${token}` })).status).toBe(403);
  });

  it('answers its own page', async () => {
    expect(await ask({ port }, '/media/1?w=64', { cookie, origin: origin() })).toMatchObject({
      status: 200,
      body: 'picture 64',
    });
    expect((await ask({ port }, '/rpc', upgrade({ cookie, origin: origin() }))).status).toBe(101);
    const tunnelled = { cookie, host: 'localhost:9000', origin: 'http://localhost:9000' };
    expect((await ask({ port }, '/rpc', upgrade(tunnelled))).status).toBe(101);
  });

  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '0.0.0.0',
    '192.168.0.1',
  ])('refuses the host %j: another name may have been pointed here', async (name) => {
    expect((await ask({ port }, '/health', { cookie, host: name })).status).toBeGreaterThanOrEqual(400);
    expect(
      (await ask({ port }, '/rpc', upgrade({ cookie, host: name, origin: `http://${name}` }))).status,
    ).toBeGreaterThanOrEqual(400);
  });

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://localhost:1', 'app://studio'])(
    'refuses the origin %j',
    async (other) => {
      expect((await ask({ port }, '/health', { cookie, origin: other })).status).toBe(403);
      expect((await ask({ port }, '/rpc', upgrade({ cookie, origin: other }))).status).toBe(403);
    },
  );

  it('refuses a socket without origin, without cookie, or at another place', async () => {
    expect((await ask({ port }, '/rpc', upgrade({ cookie }))).status).toBe(403);
    expect((await ask({ port }, '/rpc', upgrade({ origin: origin() }))).status).toBe(403);
    expect((await ask({ port }, '/health', upgrade({ cookie, origin: origin() }))).status).toBe(403);
  });

  it('refuses what the browser marks as asked by another site', async () => {
    const marked = (site: string, mode: string) =>
      ask({ port }, '/health', { cookie, 'sec-fetch-site': site, 'sec-fetch-mode': mode });
    expect((await marked('cross-site', 'no-cors')).status).toBe(403);
    expect((await marked('same-site', 'cors')).status).toBe(403);
    expect((await marked('same-origin', 'cors')).status).toBe(200);
  });

  it('sends no CORS header and answers no preflight', async () => {
    const answers = [
      await ask({ port }, '/health', { cookie }),
      await ask({ port }, '/media/1', { cookie }),
      await ask({ port }, '/health', { cookie, origin: 'http://evil.example' }),
      await ask({ port }, '/health', { cookie, 'access-control-request-method': 'POST' }, 'OPTIONS'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 405]);
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('keeps tokens and cookies out of the log', () => {
    const log = readFileSync(path.join(house.libraryPath, 'logs', 'engine.log'), 'utf8');
    expect(log).toContain('refused');
    expect(log).not.toMatch(/token=|plumage-\d+=/);
    expect(log).not.toContain(cookie.split('=')[1]);
  });

  it('names a port that is taken and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as AddressInfo).port;
    const sentence = expect.stringMatching(new RegExp(`Port ${taken} is used.*--port`));
    await expect(engine.client.system.serve({ port: taken })).rejects.toMatchObject({
      code: 'port-in-use',
      message: sentence,
    });
    await closed(other);
  });

  it('closes for good: open pages are cut off, old cookies are worth nothing', async () => {
    const second = await EngineHouse.open();
    try {
      const connection = await second.connect();
      const { url, port: its } = await connection.client.system.serve({});
      const entered = await ask({ port: its }, pathOf(url));
      const held = connect(its, '127.0.0.1');
      held.on('error', () => undefined);
      await connection.client.system.unserve({});
      await expect(
        ask({ port: its }, '/health', { cookie: cookieOf(entered.headers['set-cookie']) }),
      ).rejects.toThrow(/ECONNREFUSED|hang up/);
    } finally {
      await second.close();
    }
  });
});

async function canConnect(address: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

async function closed(server: Server): Promise<void> {
  await new Promise((resolve) => server.close(resolve));
}
