// Trains the demo with triplets chosen in five ways, without and with the global loss, all with one budget, and writes
// the table of docs/mining.md from it. Runs are kept in docs/measured/mining.json; what was measured already with the same
// budget is kept, so that it can be interrupted. Needs the Node that set-up brings (26) and a library with the demo:
// `node scripts/mining-ablation.mjs --library FOLDER --seeds 1,2,3`. Without --library it only writes the table.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ablationTable } from './mining/ablation-table.mjs';
import { ROOT } from './setup/places.mjs';

const { values } = parseArgs({
  options: {
    library: { type: 'string' },
    dataset: { type: 'string', default: 'Emoji' },
    split: { type: 'string', default: 'demo' },
    seeds: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '2' },
    size: { type: 'string', default: '96' },
    batch: { type: 'string', default: '48' },
  },
});
const MEASURED = path.join(ROOT, 'docs', 'measured', 'mining.json');
const PAGE = path.join(ROOT, 'docs', 'mining.md');
const MARKS = ['<!-- ablation -->', '<!-- /ablation -->'];

/** Never within a run. */
const NEVER = 1_000_000;
const mined = { sampler: 'mined', refreshEverySteps: 0 };
const inBatch = { sampler: 'per-class', imagesPerClass: 4 };
const WAYS = {
  random: ['smart-mining', { ...mined, controller: 'fixed', minedShare: 0, refreshEverySteps: NEVER }],
  'semi-hard in batch': ['triplet-global', { ...inBatch, mining: 'semi-hard' }],
  'batch-hard': ['triplet-global', { ...inBatch, mining: 'batch-hard' }],
  'smart, fixed': ['smart-mining', { ...mined, controller: 'fixed' }],
  'smart, adaptive': ['smart-mining', { ...mined, controller: 'adaptive' }],
};

const budget = {
  ...{ dataset: values.dataset, split: values.split },
  ...{ epochs: Number(values.epochs), size: Number(values.size), batch: Number(values.batch) },
};
let measured = existsSync(MEASURED) ? JSON.parse(readFileSync(MEASURED, 'utf8')) : { budget, rows: [] };

if (values.library) {
  if (JSON.stringify(measured.budget) !== JSON.stringify(budget)) measured = { budget, rows: [] };
  for (const seed of values.seeds.split(',').map(Number))
    for (const globalWeight of [0, 1])
      for (const [way, [method, settings]] of Object.entries(WAYS)) {
        const isKnown = (row) => row.way === way && row.globalWeight === globalWeight && row.seed === seed;
        if (measured.rows.some(isKnown)) continue;
        process.stderr.write(`${way}, global loss ${globalWeight}, seed ${seed}\n`);
        const row = measure(method, { ...settings, globalWeight }, seed);
        measured.rows.push({ way, globalWeight, seed, ...row });
        writeFileSync(MEASURED, `${JSON.stringify(measured, null, 2)}\n`);
      }
}
const text = readFileSync(PAGE, 'utf8');
const [before, after] = [text.split(MARKS[0])[0], text.split(MARKS[1])[1]];
writeFileSync(PAGE, `${before}${MARKS[0]}\n\n${ablationTable(measured)}\n${MARKS[1]}${after}`);

function measure(method, settings, seed) {
  const budgeted = { ...settings, validateEveryEpochs: 0 };
  const set = Object.entries(budgeted).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const run = plumage(
    ...['train', values.dataset, '--split', values.split, '--preset', 'demo', '--method', method],
    ...['--epochs', values.epochs, '--size', values.size, '--batch', values.batch],
    ...['--seed', String(seed), '--name', `ablation ${method} ${seed}`],
    ...set,
  );
  const { queries, classes, scores, zeroShot } = plumage('evaluate', '--run', run.runId);
  measured.queries = queries;
  measured.classes = classes;
  measured.zeroShot = three(zeroShot.scores['recall@1']);
  return {
    recallAt1: three(scores['recall@1']),
    mapAtR: three(scores['map@r']),
    steps: run.steps,
    seconds: Math.round(run.seconds),
  };
}

function plumage(...args) {
  const entry = path.join(ROOT, 'src', 'cli', 'main.ts');
  const all = [entry, ...args, '--library', values.library, '--json', '--quiet'];
  return JSON.parse(execFileSync(process.execPath, all, { encoding: 'utf8', maxBuffer: 1e9 }));
}

function three({ value, low, high }) {
  const [a, b, c] = [value, low, high].map((number) => Number(number.toFixed(4)));
  return { value: a, low: b, high: c };
}
