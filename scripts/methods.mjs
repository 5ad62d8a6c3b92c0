// Writes docs/methods.md from the registry. With `--measure --library FOLDER` it first trains every method on the demo
// dataset of that library under one budget (about a minute each) and keeps the scores in docs/measured/methods.json;
// what was measured already with the same budget is kept, so that it can be interrupted. Needs the Node that set-up
// brings (26): `npm run methods -- --measure --library FOLDER`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { methods } from '../src/learn/registry.ts';
import { methodsPage } from './methods/page.mjs';
import { ROOT } from './setup/places.mjs';

const { values } = parseArgs({
  options: {
    measure: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    library: { type: 'string' },
    dataset: { type: 'string', default: 'Emoji' },
    split: { type: 'string', default: 'demo' },
    epochs: { type: 'string' },
    only: { type: 'string', multiple: true },
  },
});
const MEASURED = path.join(ROOT, 'docs', 'measured', 'methods.json');
const PAGE = path.join(ROOT, 'docs', 'methods.md');
const measured = JSON.parse(readFileSync(MEASURED, 'utf8'));

if (values.measure) {
  if (!values.library) {
    process.stderr.write('Name a library that holds the demo: --library FOLDER\n');
    process.exit(2);
  }
  const chosen = methods.filter(({ id }) => values.only?.includes(id) ?? true);
  for (const { id } of chosen) {
    if (measured.rows[id] && !values.again) continue;
    process.stderr.write(`${id}\n`);
    try {
      measured.rows[id] = measure(id);
    } catch (error) {
      // The others are still worth measuring; the command says what failed.
      process.stderr.write(`${error.stdout || error.message}\n`);
      process.exitCode = 1;
    }
    save();
  }
}
save();
const text = methodsPage(methods, JSON.parse(readFileSync(MEASURED, 'utf8')));
writeFileSync(PAGE, text);

function measure(method) {
  const run = plumage(
    'train',
    values.dataset,
    '--split',
    values.split,
    '--preset',
    'demo',
    '--method',
    method,
    '--name',
    `${method} measured`,
    ...(values.epochs ? ['--epochs', values.epochs] : []),
  );
  const { queries, classes, scores, zeroShot } = plumage('evaluate', '--run', run.runId);
  measured.queries = queries;
  measured.classes = classes;
  measured.zeroShot = { recallAt1: zeroShot.scores['recall@1'], mapAtR: zeroShot.scores['map@r'] };
  const { config } = plumage('runs', 'show', run.runId);
  return {
    recallAt1: scores['recall@1'],
    mapAtR: scores['map@r'],
    difference: zeroShot.differenceRecallAt1,
    seconds: run.seconds,
    recorded: config.facts?.recorded === true,
  };
}

function plumage(...args) {
  const entry = path.join(ROOT, 'src', 'cli', 'main.ts');
  const all = [entry, ...args, '--library', values.library, '--json', '--quiet'];
  return JSON.parse(execFileSync(process.execPath, all, { encoding: 'utf8', maxBuffer: 1e9 }));
}

/** Intervals carry more than the page shows (the intervals over classes): three numbers are enough here. */
function save() {
  const three = (_key, value) =>
    typeof value?.low === 'number'
      ? { value: round(value.value), low: round(value.low), high: round(value.high) }
      : value;
  const sorted = Object.fromEntries(Object.entries(measured.rows).sort(([a], [b]) => a.localeCompare(b)));
  writeFileSync(MEASURED, `${JSON.stringify({ ...measured, rows: sorted }, three, 2)}\n`);
}

function round(value) {
  return Number(value.toFixed(4));
}
