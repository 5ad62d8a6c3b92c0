import { build, buildReady } from './build.mjs';
import { dependenciesReady, installDependencies } from './dependencies.mjs';
import { knownElectron, setUpElectron } from './electron.mjs';
import { node26 } from './node26.mjs';
import { say } from './report.mjs';
import { installPackages, missingForElectron, missingForTests } from './system-packages.mjs';
import { setUpTensorflow, tensorflowReady } from './tensorflow/index.mjs';

/**
 * The steps of set-up in their order. `ready` is cheap and asked on every start; `make` runs under the lock and may
 * be interrupted at any time. `context` collects what later steps and the command itself need.
 *
 * @typedef {{ node?: string, retry?: boolean, problems: string[] }} Context
 * @typedef {{ ready(context: Context): boolean | Promise<boolean>, make(context: Context): Promise<void> }} Step
 * @type {Record<string, Step>}
 */
export const STEPS = {
  packages: { ready: () => dependenciesReady(), make: () => installDependencies() },
  node: {
    ready: (context) => Boolean((context.node = node26())),
    make: async () => {},
  },
  tensorflow: {
    ready: ({ retry = false }) => tensorflowReady({ retry }),
    make: async (context) => void (await setUpTensorflow({ node: context.node })),
  },
  electron: {
    ready: (context) => Boolean((context.electron = knownElectron())),
    make: async (context) => {
      context.electron = await setUpElectron();
    },
  },
  'electron-libraries': {
    ready: async (context) =>
      (context.missing = await missingForElectron(context.electron.path)).length === 0,
    make: async (context) => note(context, await installPackages(context.missing)),
  },
  'test-programs': {
    ready: (context) => (context.missing = missingForTests()).length === 0,
    make: async (context) => note(context, await installPackages(context.missing)),
  },
  'build-node': { ready: () => buildReady('node'), make: ({ node }) => build('node', { node }) },
  'build-window': { ready: () => buildReady('window'), make: ({ node }) => build('window', { node }) },
};

function note(context, sentence) {
  if (!sentence) return;
  context.problems.push(sentence);
  say(sentence);
}
