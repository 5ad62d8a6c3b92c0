import { electronEnvironment } from '../setup/electron.mjs';
import { setUp } from '../setup/index.mjs';
import { SetupProblem } from '../setup/problem.mjs';
import { say } from '../setup/report.mjs';
import { runSuite } from '../testing/run-suite.mjs';
import { SUITES } from '../testing/suites.mjs';
import { summary } from '../testing/summary.mjs';

/** Suites of numbers and text alone need neither the window nor a browser. */
const WITHOUT_WINDOW = new Set(['parity', 'parity on wasm', 'eslint', 'prettier', 'knip', 'cycles', 'types']);
const STEPS = ['packages', 'node', 'tensorflow'];
const WINDOW_STEPS = ['electron', 'electron-libraries', 'test-programs'];

/** A build that fails is a failed suite, not the end of the test run. */
async function build() {
  try {
    await setUp(['node', 'build-node', 'build-window']);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    say(error.message);
  }
}

/** `npm test [-- suite …]`: every suite, or the named ones; goes on after a failure and ends with one line of totals. */
export async function test(args) {
  const unknown = args.filter((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new SetupProblem(
      `No suite is called ${unknown.join(', ')}. Known: ${SUITES.map(({ name }) => name).join(', ')}.`,
    );
  }
  const chosen = args.length > 0 ? SUITES.filter(({ name }) => args.includes(name)) : SUITES;
  const withWindow = chosen.some(({ name }) => !WITHOUT_WINDOW.has(name));
  const { node, electron } = await setUp(withWindow ? [...STEPS, ...WINDOW_STEPS] : STEPS);
  if (chosen.some(({ name }) => name === 'build' || name === 'e2e')) await build();
  const env = { ...process.env, ...(withWindow && electronEnvironment(electron)), PLUMAGE_NODE: node };
  const results = [];
  for (const suite of chosen) {
    process.stdout.write(`\n=== ${suite.name}\n`);
    results.push(await runSuite(suite, { node, env }));
  }
  const { text, failed } = summary(results);
  process.stdout.write(`${text}\n`);
  return failed > 0 ? 1 : 0;
}
