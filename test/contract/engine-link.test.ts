import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineLink } from '../../src/main/engine-link.ts';
import { EngineHouse, STUB_ENGINE, isAlive, until } from './support/engine-house.ts';

let house: EngineHouse;
let link: EngineLink;
let states: string[];
let pids: number[];
beforeEach(async () => {
  house = await EngineHouse.open();
  link = linkTo(STUB_ENGINE);
});
afterEach(async () => {
  link.close();
  for (const pid of pids) await until(() => !isAlive(pid) || !process.kill(pid, 'SIGKILL'));
  await house.close();
});

function linkTo(entry: string): EngineLink {
  states = [];
  pids = [];
  const { libraryPath, env } = house;
  const made = new EngineLink({ libraryPath, env, entry, clientName: 'studio' });
  made.onState((state, connection) => {
    states.push(state.state);
    if (connection !== null && state.state === 'ready') pids.push(connection.pid);
  });
  return made;
}

describe('the window’s link to an engine', () => {
  it('starts one, however many ask', async () => {
    const [first, second] = await Promise.all([link.ready(), link.ready()]);
    expect(second).toBe(first);
    expect(states).toEqual(['starting', 'ready']);
  });

  it('starts another when it dies', async () => {
    const { pid } = await link.ready();
    process.kill(pid, 'SIGKILL');
    await until(() => pids.length === 2);
    expect(states).toEqual(['starting', 'ready', 'lost', 'starting', 'ready']);
    expect((await link.ready()).pid).not.toBe(pid);
  });

  it('gives up on an engine that keeps dying, until it is asked again', async () => {
    await link.ready();
    for (let deaths = 1; deaths <= 6; deaths++) {
      process.kill(pids.at(-1) ?? 0, 'SIGKILL');
      await until(() => pids.length === deaths + 1 || states.at(-1) === 'failed');
    }
    expect(states.filter((state) => state === 'lost')).toHaveLength(6);
    expect(states.at(-1)).toBe('failed');
    await link.ready();
    expect(states.at(-1)).toBe('ready');
  });

  it('tells why no engine starts, and tries again when it is asked again', async () => {
    const entry = path.join(house.folder, 'engine.mjs');
    writeFileSync(
      entry,
      `console.log(JSON.stringify({ failed: { code: 'newer-version', message: 'Too new.' } }))`,
    );
    link = linkTo(entry);
    await expect(link.ready()).rejects.toMatchObject({ code: 'newer-version', message: 'Too new.' });
    expect(states).toEqual(['starting', 'failed']);
    writeFileSync(entry, `await import(${JSON.stringify(STUB_ENGINE)})`);
    await link.ready();
    expect(states).toEqual(['starting', 'failed', 'starting', 'ready']);
  });

  it('does not come back when the window is closing', async () => {
    const { pid } = await link.ready();
    link.close();
    await until(() => !isAlive(pid));
    expect(states).toEqual(['starting', 'ready']);
  });
});
