import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { programRoot } from '#engine/process/connect.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';

interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  readonly ratio: number;
  readonly unit: string;
  readonly against: string;
  /** The largest ratio that is promised. */
  readonly target: number;
}

/** Runs the bench as a program of its own, so that nothing of this process disturbs it; it prints one JSON object. */
function runBench(entry: string, args: readonly string[], signal: AbortSignal): Promise<readonly BenchRow[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'inherit'], signal });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve((JSON.parse(output) as { rows: BenchRow[] }).rows);
      else
        reject(
          new UserError('worker-died', `The bench ended with exit code ${code}; its last words are above.`),
        );
    });
  });
}

export const benchCommand = command({
  name: 'bench',
  summary: 'measure speed side by side with what it is compared with',
  details: 'Runs from a clone. --against torch installs PyTorch into a folder of its own the first time.',
  arguments: [],
  options: {
    against: { type: 'text', choices: ['torch'], help: 'measure this beside ours' },
    only: { type: 'text', value: 'NAME', help: 'one measurement' },
  },
  examples: ['bench', 'bench --only training --against torch'],
  async run({ options }, session) {
    const entry = path.join(programRoot(), 'test', 'bench', 'main.ts');
    if (!existsSync(entry))
      throw new UserError('not-found', 'The bench runs from a clone of the source; this is not one.');
    const given = Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    );
    const args = ['--json', ...given];
    const rows = await runBench(entry, args, session.interrupted);
    const cells = rows.map(({ name, ours, theirs, ratio, unit, against, target }) => [
      name,
      ours.toPrecision(4),
      theirs.toPrecision(4),
      unit,
      ratio.toFixed(2),
      target.toFixed(2),
      against,
    ]);
    const header = ['name', 'ours', 'theirs', 'unit', 'ratio', 'at most', 'against'];
    return { json: { rows }, text: table(header, cells, [1, 2, 4, 5]) };
  },
});
