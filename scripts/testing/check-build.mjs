// The build that set-up made holds every program that something starts, and its window needs no inline script.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../setup/places.mjs';

const out = (...parts) => path.join(ROOT, 'out', ...parts);
const sourceWorkers = readdirSync(path.join(ROOT, 'src', 'workers')).filter((name) =>
  existsSync(path.join(ROOT, 'src', 'workers', name, 'main.ts')),
);

const programs = [
  out('main', 'index.js'),
  out('preload', 'index.cjs'),
  out('renderer', 'index.html'),
  out('node', 'engine.js'),
  out('node', 'cli.js'),
  ...sourceWorkers.map((name) => out('node', 'workers', `${name}.js`)),
];
for (const file of programs)
  assert.ok(existsSync(file) && statSync(file).size > 0, `${path.relative(ROOT, file)} is missing`);

const html = readFileSync(out('renderer', 'index.html'), 'utf8');
assert.doesNotMatch(
  html,
  /<script(?![^>]*\bsrc=)/,
  'index.html has an inline script, which the content policy refuses',
);
