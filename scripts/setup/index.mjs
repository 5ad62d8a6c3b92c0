import { goingOnLater } from './interruption.mjs';
import { withLock } from './lock.mjs';
import { cacheFolder } from './places.mjs';
import { STEPS } from './steps.mjs';

/**
 * Does what is missing of the named steps and nothing else. The lock is taken only when there is something to do,
 * so a start on a ready machine costs the checks alone.
 *
 * @param {string[]} names of STEPS
 */
export async function setUp(names, { retry = false } = {}) {
  const context = { problems: [], retry };
  for (const name of names) {
    if (await STEPS[name].ready(context)) continue;
    await withLock(cacheFolder(), async () => {
      // Another set-up may have done it while this one waited.
      if (!(await STEPS[name].ready(context))) await goingOnLater(() => STEPS[name].make(context));
    });
    if (name === 'packages') await STEPS.node.ready(context);
  }
  return context;
}
