import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '#catalog/open.ts';
import { EngineHouse, STUB_ENGINE, isAlive, until } from './support/engine-house.ts';

let house: EngineHouse;
beforeEach(async () => (house = await EngineHouse.open()));
afterEach(() => house.close());

describe('one engine a library', () => {
  it('is started by the first client and found by the second', async () => {
    const first = await house.connect();
    const second = await house.connect({ libraryPath: path.join(house.libraryPath, '..', 'library') });
    expect([first.started, second.started]).toEqual([true, false]);
    expect(second.pid).toBe(first.pid);
    expect(await second.client.system.info({})).toMatchObject({
      libraryPath: house.libraryPath,
      pid: first.pid,
    });
  });

  it('is one, however many start at once', async () => {
    const connections = await Promise.all([1, 2, 3, 4].map(() => house.connect()));
    expect(new Set(connections.map(({ pid }) => pid)).size).toBe(1);
    expect(connections.filter(({ started }) => started)).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')('says at once that the folder cannot be made', async () => {
    await expect(house.connect({ libraryPath: '/proc/nolib/library' })).rejects.toMatchObject({
      code: 'no-permission',
      message: expect.stringContaining('The library /proc/nolib/library cannot be written.') as string,
    });
  });

  it('ends by itself after its last client, and takes its socket along', async () => {
    const first = await house.connect();
    const second = await house.connect();
    first.close();
    expect(await second.client.system.info({})).toMatchObject({ pid: first.pid });
    second.close();
    await until(() => !isAlive(first.pid));
    expect(existsSync(first.socketPath)).toBe(false);
  });

  it('is replaced when it was killed: its dead socket is in nobody’s way', async () => {
    const first = await house.connect();
    const waiting = first.client.system.changes({})[Symbol.asyncIterator]();
    await waiting.next();
    const next = waiting.next();
    process.kill(first.pid, 'SIGKILL');
    await expect(next).rejects.toMatchObject({ code: 'disconnected' });
    await first.closed;
    expect(existsSync(first.socketPath)).toBe(true);
    const second = await house.connect();
    expect(second.started).toBe(true);
    expect(second.pid).not.toBe(first.pid);
  });

  it('ends in order on SIGTERM: clients are told, the catalogue is closed well', async () => {
    const connection = await house.connect();
    process.kill(connection.pid, 'SIGTERM');
    expect(await connection.closed).toMatchObject({ code: 'closed' });
    await until(() => !isAlive(connection.pid));
    const catalog = openCatalog(house.libraryPath, { readonly: true });
    expect(catalog.db.prepare(`SELECT value FROM meta WHERE name = 'closed-well'`).pluck().get()).toBe('yes');
    catalog.close();
  });

  it('ends when it is asked to', async () => {
    const connection = await house.connect();
    expect(await connection.client.system.shutdown({ force: true })).toEqual({ stopping: true });
    await until(() => !isAlive(connection.pid));
  });
});

describe('the engine of a window', () => {
  it('is gone soon after the window was killed', async () => {
    const window = windowProcess(house);
    const pid = Number(await firstLine(window));
    expect(isAlive(pid)).toBe(true);
    window.kill('SIGKILL');
    await until(() => !isAlive(pid));
  });

  it('stays for a client that is at work when the window goes', async () => {
    const window = windowProcess(house);
    const pid = Number(await firstLine(window));
    const cli = await house.connect();
    expect(cli).toMatchObject({ started: false, pid });
    window.kill('SIGKILL');
    await new Promise((resolve) => window.once('close', resolve));
    expect(await cli.client.system.info({})).toMatchObject({ pid });
    cli.close();
    await until(() => !isAlive(pid));
  });
});

describe('an engine that cannot start', () => {
  it('says that the catalogue is from a newer version', async () => {
    openCatalog(house.libraryPath).close();
    const db = new Database(path.join(house.libraryPath, 'catalog.sqlite'));
    db.pragma('user_version = 999');
    db.close();
    await expect(house.connect()).rejects.toMatchObject({ name: 'UserError', code: 'newer-version' });
  });

  it('says that the catalogue is damaged', async () => {
    mkdirSync(house.libraryPath);
    writeFileSync(path.join(house.libraryPath, 'catalog.sqlite'), 'this is no catalogue '.repeat(1000));
    await expect(house.connect()).rejects.toMatchObject({
      code: 'catalog-corrupt',
      message: expect.stringContaining('untouched'),
    });
  });

  it('says that it may not write to the library', async () => {
    writeFileSync(path.join(house.folder, 'file'), '');
    const libraryPath = path.join(house.folder, 'file', 'library');
    await expect(house.connect({ libraryPath })).rejects.toMatchObject({ code: 'no-permission' });
  });

  it('gives its last words when it dies without a sentence', async () => {
    const entry = path.join(house.folder, 'broken.mjs');
    writeFileSync(entry, 'throw new Error("broken on purpose")');
    await expect(house.connect({ entry })).rejects.toMatchObject({
      name: 'BugError',
      details: { stderr: expect.stringContaining('broken on purpose') },
    });
  });

  it('says so when another program holds the library', async () => {
    mkdirSync(house.libraryPath);
    const lock = new Database(path.join(house.libraryPath, 'engine.lock'));
    lock.exec('BEGIN EXCLUSIVE');
    const attempt = house.connect({ giveUpAfterMs: 300 });
    await expect(attempt).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(house.libraryPath),
    });
    lock.close();
  });
});

/** A process that starts an engine as the desktop's main process does, and tells its id. */
function windowProcess({ libraryPath, env }: EngineHouse): ChildProcess {
  const connect = path.join(import.meta.dirname, '../../src/engine/process/connect.ts');
  const options = { libraryPath, clientName: 'window', owner: 'window', entry: STUB_ENGINE };
  const code = `const { connectOrStart } = await import(${JSON.stringify(connect)});
    const connection = await connectOrStart(${JSON.stringify(options)});
    console.log(connection.pid);`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function firstLine(child: ChildProcess): Promise<string> {
  return await new Promise((resolve, reject) => {
    child.once('close', () => reject(new Error('It ended without a word.')));
    child.stdout?.once('data', (text: Buffer) => resolve(text.toString()));
  });
}
