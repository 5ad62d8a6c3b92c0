import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'vitest';
import { ROOT } from '../places.mjs';
import { preparedSource } from './compile.mjs';
import { applyEdit } from './edits.mjs';

const edit = { file: 'a.cc', anchor: 'int b;\n', text: 'int x;\n' };

test('an edit goes before, after or in place of its anchor', () => {
  const source = 'int a;\nint b;\nint c;\n';
  assert.equal(applyEdit(source, { ...edit, place: 'before' }), 'int a;\nint x;\nint b;\nint c;\n');
  assert.equal(applyEdit(source, { ...edit, place: 'after' }), 'int a;\nint b;\nint x;\nint c;\n');
  assert.equal(applyEdit(source, { ...edit, place: 'instead' }), 'int a;\nint x;\nint c;\n');
});

test('text with replacement patterns is taken as it is', () => {
  assert.equal(applyEdit('int b;\n', { ...edit, place: 'instead', text: '$& $1 $$' }), '$& $1 $$');
});

test('a source without the anchor, or with two, is refused', () => {
  assert.throws(() => applyEdit('int a;\n', { ...edit, place: 'after' }), /expected one "int b;", found 0/);
  assert.throws(() => applyEdit('int b;\nint b;\n', { ...edit, place: 'after' }), /found 2/);
});

let folder;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-edits-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name) => readFileSync(path.join(folder, name), 'utf8');

test('every edit fits the installed addon, whose own files stay as they came', () => {
  const binding = path.join(ROOT, 'node_modules', '@tensorflow', 'tfjs-node-gpu', 'binding');
  const before = readFileSync(path.join(binding, 'tfjs_backend.cc'), 'utf8');
  preparedSource(binding, folder);
  assert.equal(readFileSync(path.join(binding, 'tfjs_backend.cc'), 'utf8'), before);
  assert.match(read('tfjs_backend.cc'), /SignalGuard guard;\n\s+TFE_Execute\(/);
  assert.match(read('tfjs_backend.cc'), /SignalGuard guard;\n\s+tfe_context_ = TFE_NewContext\(/);
  assert.match(read('tfjs_backend.cc'), /TFE_OpSetAttrStringList/);
  assert.match(read('tfjs_backend.h'), /void AddFunction/);
  assert.match(read('tfjs_binding.cc'), /\{"addFunction", nullptr, AddFunction/);
});

test('editing twice is refused instead of done twice', () => {
  const binding = path.join(ROOT, 'node_modules', '@tensorflow', 'tfjs-node-gpu', 'binding');
  preparedSource(binding, folder);
  const again = path.join(folder, 'again');
  assert.throws(() => preparedSource(folder, again), /expected one|EISDIR|directory/);
});
