import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './report.mjs';

/** Whether the process that wrote the lock is still there; another machine's (shared home) counts as there. */
function holderLives(file) {
  let holder;
  try {
    holder = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function take(file) {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Runs `work` while no other set-up of this user does; a lock whose process died is taken over. */
export async function withLock(folder, work, { pollMs = 500 } = {}) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'setup.lock');
  let told = false;
  while (!take(file)) {
    if (!holderLives(file)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) say('Another set-up of Plumage is running; waiting for it.');
    told = true;
    await wait(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}
