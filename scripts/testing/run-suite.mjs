import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../setup/places.mjs';
import { which } from '../setup/processes.mjs';

/**
 * @typedef {{ suite: string, passed: number, failed: { name: string, message: string }[],
 *   skipped: { name: string, reason: string }[], seconds: number }} SuiteResult
 */

/** Runs with the terminal's own streams, so that a failure is read where it happens. */
function runShown(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** A display of its own where there is none: Electron draws into Xvfb. */
function withDisplay(command, args, env) {
  if (process.platform !== 'linux' || env.DISPLAY) return [command, args];
  return [which('xvfb-run'), ['--auto-servernum', '--server-args=-screen 0 1440x900x24', command, ...args]];
}

/** Turns the exit code of a check, or what the reporter wrote, into counts. A suite that ran nothing has failed. */
export function resultOf(suite, code, collected) {
  if (suite.kind === 'check') {
    const failed =
      code === 0 ? [] : [{ name: suite.name, message: `ended with exit code ${code}; see its output above` }];
    return { passed: code === 0 ? 1 : 0, failed, skipped: [] };
  }
  if (!collected) {
    return {
      passed: 0,
      failed: [{ name: suite.name, message: `ended with exit code ${code} before it reported` }],
      skipped: [],
    };
  }
  const { passed, failed, skipped } = collected;
  if (passed + failed.length + skipped.length === 0)
    failed.push({ name: suite.name, message: 'no test was found' });
  if (code !== 0 && failed.length === 0)
    failed.push({ name: suite.name, message: `ended with exit code ${code}` });
  return { passed, failed, skipped };
}

/** @returns {Promise<SuiteResult>} */
export async function runSuite(suite, { node, env }) {
  const reason = suite.missing?.();
  if (reason)
    return { suite: suite.name, passed: 0, failed: [], skipped: [{ name: suite.name, reason }], seconds: 0 };
  const startedAt = Date.now();
  const file = path.join(tmpdir(), `plumage-results-${process.pid}-${suite.name.replaceAll(' ', '-')}.json`);
  const suiteEnv = { ...env, ...suite.env, PLUMAGE_TEST_RESULTS: file };
  const [command, args] = suite.display ? withDisplay(node, suite.args, env) : [node, suite.args];
  const code = await runShown(command, args, suiteEnv);
  let collected;
  try {
    collected = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // A check, or a runner that died: resultOf tells.
  }
  rmSync(file, { force: true });
  return { suite: suite.name, ...resultOf(suite, code, collected), seconds: (Date.now() - startedAt) / 1000 };
}
