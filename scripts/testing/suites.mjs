import path from 'node:path';
import { ROOT, tool } from '../setup/places.mjs';
import { which } from '../setup/processes.mjs';
import { findChromium } from './chromium.mjs';

/**
 * The suites of `npm test` in their order. A check counts as one test; a vitest project as its tests. `missing`
 * gives the reason why a suite cannot run here, and it is then listed as skipped.
 *
 * @typedef {{ name: string, kind: 'check' | 'vitest', args: string[], display?: boolean, env?: Record<string, string>, missing?: () => string | undefined }} Suite
 */
const check = (name, program, ...args) => ({ name, kind: 'check', args: [tool(program), ...args] });

const project = (name, options = {}) => ({
  name,
  kind: 'vitest',
  args: [
    tool('vitest/vitest.mjs'),
    'run',
    '--project',
    name,
    '--reporter=default',
    `--reporter=${path.join(ROOT, 'scripts', 'testing', 'collect-reporter.mjs')}`,
  ],
  ...options,
});

const needsChromium = () => (findChromium() ? undefined : 'no Chromium was found (apt-get install chromium)');

const needsDisplay = () => {
  if (process.platform !== 'linux' || process.env.DISPLAY || which('xvfb-run')) return undefined;
  return 'no display and no Xvfb (apt-get install xvfb xauth)';
};

/** @type {Suite[]} */
export const SUITES = [
  check('types', 'typescript/lib/tsc.js', '-p', 'tsconfig.json', '--noEmit'),
  check(
    'types of the window',
    'svelte-check/bin/svelte-check',
    '--tsconfig',
    'tsconfig.renderer.json',
    '--output',
    'human',
  ),
  check('eslint', 'eslint/bin/eslint.js', '.', '--max-warnings', '0'),
  check('prettier', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  check('knip', 'knip/bin/knip.js'),
  check(
    'cycles',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    '--config',
    '.dependency-cruiser.cjs',
    'src',
  ),
  project('unit'),
  project('parity'),
  { ...project('parity'), name: 'parity on wasm', env: { PLUMAGE_PARITY_BACKEND: 'wasm' } },
  project('contract'),
  project('security'),
  project('faults'),
  project('component', { missing: needsChromium }),
  { name: 'build', kind: 'check', args: [path.join(ROOT, 'scripts', 'testing', 'check-build.mjs')] },
  project('e2e', { display: true, missing: () => needsDisplay() ?? needsChromium() }),
];
