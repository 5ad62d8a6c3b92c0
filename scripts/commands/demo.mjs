import { setUp } from '../setup/index.mjs';
import { say } from '../setup/report.mjs';
import { hasDisplay, WITHOUT_DISPLAY } from './display.mjs';
import { runPlumage } from './plumage.mjs';
import { openStudio, WINDOW_STEPS } from './window.mjs';

/** `npm run demo`: the main job on the demo dataset, then the studio on its result where there is a display. */
export async function demo(args) {
  const display = hasDisplay();
  const steps = [
    'packages',
    'node',
    'tensorflow',
    'build-node',
    ...(display ? WINDOW_STEPS : ['build-window']),
  ];
  const context = await setUp(steps);
  const code = await runPlumage(context.node, ['demo', ...args]);
  if (code !== 0 || args.includes('--help')) return code;
  if (!display) {
    say(WITHOUT_DISPLAY);
    return 0;
  }
  if (context.problems.length > 0) return 0;
  say('Opening the studio on this result.');
  return openStudio(context, []);
}
