// The one entry of every npm script. Runs on any Node from 20 and uses built-in modules only: it is what brings
// everything else, and what it starts afterwards runs in Node 26.
import { COMMANDS } from './commands/index.mjs';
import { SetupProblem } from './setup/problem.mjs';
import { say } from './setup/report.mjs';

const [name = '', ...args] = process.argv.slice(2);

try {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new SetupProblem(
      `Plumage needs Node 20 or newer to set itself up; this is ${process.versions.node}.`,
    );
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new SetupProblem(`There is no "${name}". Known: ${Object.keys(COMMANDS).join(', ')}.`);
  }
  process.exitCode = await COMMANDS[name](args);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  say(error.message);
  process.exitCode = 1;
}
