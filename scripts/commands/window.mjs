import { electronEnvironment } from '../setup/electron.mjs';
import { setUp } from '../setup/index.mjs';
import { ROOT } from '../setup/places.mjs';
import { SetupProblem } from '../setup/problem.mjs';
import { handOver } from '../setup/processes.mjs';
import { say } from '../setup/report.mjs';
import { hasDisplay, WITHOUT_DISPLAY } from './display.mjs';

export const WINDOW_STEPS = ['electron', 'electron-libraries', 'build-window'];

/** Chromium's sandbox refuses to start as root. */
export const sandboxFlags = () =>
  process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Opens the studio and waits until its window closes. */
export function openStudio({ electron, node }, args, env = process.env) {
  return handOver(electron.path, [...sandboxFlags(), ROOT, ...args], {
    cwd: ROOT,
    env: { ...env, ...electronEnvironment(electron), PLUMAGE_NODE: node },
  });
}

/** `npm start`: the studio. */
export async function start(args) {
  if (!hasDisplay()) {
    say(WITHOUT_DISPLAY);
    return 1;
  }
  const context = await setUp(['packages', 'node', 'tensorflow', 'build-node', ...WINDOW_STEPS]);
  if (context.problems.length > 0)
    throw new SetupProblem('The studio needs what is said above before it can open.');
  return openStudio(context, args);
}
