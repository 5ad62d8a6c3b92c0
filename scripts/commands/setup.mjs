import { setUp } from '../setup/index.mjs';
import { say } from '../setup/report.mjs';

/** `npm run setup`: everything, and another try at what could not be set up before. */
export async function setup() {
  const context = await setUp(
    ['packages', 'node', 'tensorflow', 'electron', 'electron-libraries', 'build-node', 'build-window'],
    { retry: true },
  );
  say(
    context.problems.length === 0 ? 'Plumage is set up.' : 'Plumage is set up except for what is said above.',
  );
  return context.problems.length === 0 ? 0 : 1;
}
