import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { test } from 'vitest';
import { INTERRUPTED } from './interruption.mjs';

const module = (name) => JSON.stringify(pathToFileURL(path.join(import.meta.dirname, name)).href);

test('Ctrl+C ends the program at work, says one sentence, and concludes nothing from its end', async () => {
  const step = `
    const { goingOnLater } = await import(${module('interruption.mjs')});
    const { mustRun } = await import(${module('processes.mjs')});
    const program = 'console.log("at work " + process.pid); setInterval(() => {}, 1000)';
    await goingOnLater(() => mustRun('It', process.execPath, ['-e', program], { onLine: console.log }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', step]);
  const complaints = text(child.stderr);
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  child.kill('SIGINT');
  const [code] = await once(child, 'close');
  assert.equal(code, 130);
  assert.equal(await complaints, `${INTERRUPTED}\n`);
  assert.throws(() => process.kill(Number(line.split(' ').at(-1)), 0), { code: 'ESRCH' });
});
