import { demo } from './demo.mjs';
import { methods } from './methods.mjs';
import { plumage } from './plumage.mjs';
import { test } from './test.mjs';
import { start } from './window.mjs';
import { setup } from './setup.mjs';

/** What `node scripts/run.mjs <name> …` does; each gives the exit code. */
export const COMMANDS = {
  demo,
  start,
  test,
  setup,
  plumage,
  methods,
  bench: (args) => plumage(['bench', ...args]),
};
