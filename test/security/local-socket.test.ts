import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { type EngineConnection, openControlSocket } from '#engine/process/connect.ts';
import { EngineHouse } from '../contract/support/engine-house.ts';
import { ask, upgrade } from './ask.ts';

let house: EngineHouse;
let engine: EngineConnection;
beforeAll(async () => {
  house = await EngineHouse.open();
  engine = await house.connect();
});
afterAll(() => house.close());

const door = (): { socketPath: string } => ({ socketPath: engine.socketPath });

describe('the engine’s own socket', () => {
  it('lies in a folder of mode 0700 and has mode 0600', () => {
    expect(lstatSync(path.dirname(engine.socketPath)).mode & 0o777).toBe(0o700);
    expect(lstatSync(engine.socketPath).mode & 0o777).toBe(0o600);
  });

  it('answers nothing to a request that a page made', async () => {
    expect((await ask(door(), '/health')).status).toBe(200);
    expect((await ask(door(), '/health', { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ask(door(), '/rpc', upgrade({ origin: 'http://evil.example' }))).status).toBe(404);
  });

  it('gives stored files by their hash and nothing else', async () => {
    const bytes = new Uint8Array(3_000_000).map((_, i) => i % 251);
    const hash = await new ContentStore(house.libraryPath).put(bytes);
    expect(Buffer.from(await engine.fetchBlob(hash)).equals(Buffer.from(bytes))).toBe(true);
    await expect(engine.fetchBlob('b'.repeat(64))).rejects.toMatchObject({ code: 'not-found' });
    for (const name of [
      '../../catalog.sqlite',
      '..%2f..%2fcatalog.sqlite',
      '%2e%2e/catalog.sqlite',
      hash.toUpperCase(),
      `${hash}%00`,
      '',
    ]) {
      const { status, body } = await ask(door(), `/blob/${name}`);
      expect([name, status >= 400]).toEqual([name, true]);
      expect(body).not.toContain('SQLite');
    }
  });

  it('does not follow a link out of the store', async () => {
    const secret = path.join(house.folder, 'secret.txt');
    writeFileSync(secret, 'secret');
    const hash = 'c'.repeat(64);
    await mkdir(path.join(house.libraryPath, 'files', 'cc'), { recursive: true });
    symlinkSync(secret, path.join(house.libraryPath, 'files', 'cc', hash));
    expect(await ask(door(), `/blob/${hash}`)).toMatchObject({ status: 404 });
  });

  it('gives pictures by number, within limits', async () => {
    expect(await ask(door(), '/media/1')).toMatchObject({
      status: 200,
      body: 'picture 2048',
      headers: { etag: '"one-2048"', 'cache-control': 'private, no-cache' },
    });
    expect((await ask(door(), '/media/1', { 'if-none-match': '"one-2048"' })).status).toBe(304);
    expect((await ask(door(), '/media/2')).status).toBe(404);
    for (const at of [
      '/media/1?w=63',
      '/media/1?w=',
      '/media/1?w=many',
      '/media/1?w=2049',
      '/media/0',
      '/media/-1',
      '/media/1e3',
      '/media/../catalog.sqlite',
      '/media/1/2',
    ]) {
      expect([at, (await ask(door(), at)).status >= 400]).toEqual([at, true]);
    }
    expect((await ask(door(), '/media/1', {}, 'POST')).status).toBe(405);
    expect((await ask(door(), '/media/1', {}, 'DELETE')).status).toBe(405);
  });
});

describe('frames that a client must not send', () => {
  it('are answered with fail and written down, and the connection lives on', async () => {
    const socket = await opened(openControlSocket(engine.socketPath));
    socket.send(JSON.stringify({ type: 'call', id: 1, method: 'system.info', input: {} }));
    expect(await answer(socket)).toMatchObject({ type: 'fail', id: 1, code: 'bad-frame' });
    socket.send(JSON.stringify({ type: 'hello', version: 1, name: 'rude' }));
    expect(await answer(socket)).toMatchObject({ type: 'hello' });
    const rude: [string, object][] = [
      ['no json', { code: 'bad-frame', id: 0 }],
      ['[1,2]', { code: 'bad-frame' }],
      ['{"type":"call","id":"x","method":"system.info"}', { code: 'bad-frame' }],
      ['{"type":"call","id":2,"method":"system.erase","input":{}}', { code: 'unknown-method', id: 2 }],
      ['{"type":"call","id":3,"method":"__proto__.info","input":{}}', { code: 'unknown-method', id: 3 }],
      ['{"type":"open","id":4,"method":"system.info","input":{}}', { code: 'unknown-method', id: 4 }],
      ['{"type":"call","id":5,"method":"system.info","input":{"more":1}}', { code: 'bad-input', id: 5 }],
      ['{"type":"call","id":6,"method":"jobs.get","input":{"jobId":"../x"}}', { code: 'bad-input', id: 6 }],
      [
        `{"type":"call","id":7,"method":"system.info","input":{"x":"${'x'.repeat(9 * 1024 * 1024)}"}}`,
        { code: 'too-large', id: 7 },
      ],
    ];
    for (const [text, expected] of rude) {
      socket.send(text);
      expect(await answer(socket)).toMatchObject({ type: 'fail', ...expected });
    }
    socket.send('{"type":"call","id":8,"method":"system.info","input":{}}');
    expect(await answer(socket)).toMatchObject({ type: 'ok', id: 8 });
    socket.terminate();
    const log = readFileSync(path.join(house.libraryPath, 'logs', 'engine.log'), 'utf8');
    for (const code of ['bad-frame', 'unknown-method', 'bad-input', 'too-large'])
      expect(log).toContain(`"code":"${code}"`);
  });

  it('end the connection, and only that one, when they are absurdly large', async () => {
    const socket = await opened(openControlSocket(engine.socketPath));
    socket.send('x'.repeat(40 * 1024 * 1024));
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect([1006, 1009]).toContain(code);
    expect(await engine.client.system.info({})).toMatchObject({ pid: engine.pid });
  });
});

async function opened(socket: WebSocket): Promise<WebSocket> {
  socket.on('error', () => undefined);
  if (socket.readyState !== WebSocket.OPEN) await new Promise((resolve) => socket.once('open', resolve));
  return socket;
}

async function answer(socket: WebSocket): Promise<unknown> {
  return await new Promise((resolve) =>
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()))),
  );
}
