import { setUp } from '../setup/index.mjs';
import path from 'node:path';
import { ROOT } from '../setup/places.mjs';
import { handOver } from '../setup/processes.mjs';

/** Commands that compute, or that open rooms which do: these set up TensorFlow first. */
const COMPUTING = new Set([
  'train',
  'sweep',
  'sweeps',
  'embed',
  'evaluate',
  'neighbors',
  'mine',
  'bench',
  'demo',
  'serve',
]);

/** The steps that a command line needs; questions about help and lists need the fewest. */
export function stepsFor(args) {
  const command = args.find((arg) => !arg.startsWith('-')) ?? '';
  const steps = ['packages', 'node'];
  const help = args.includes('--help') || args.includes('-h');
  if (COMPUTING.has(command) && !help) steps.push('tensorflow');
  steps.push('build-node');
  if (command === 'serve' && !help) steps.push('build-window');
  return steps;
}

/** Runs the command line in Node 26. */
export const runPlumage = (node, args, env = process.env) =>
  handOver(node, [path.join(ROOT, 'out', 'node', 'cli.js'), ...args], {
    cwd: env.INIT_CWD ?? process.cwd(),
    env: { ...env, PLUMAGE_COMMAND: 'npm run -s plumage --' },
  });

/** `npm run plumage -- <command> …` */
export async function plumage(args) {
  const { node } = await setUp(stepsFor(args));
  return runPlumage(node, args);
}
