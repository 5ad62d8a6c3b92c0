import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'vitest';
import { objection } from './folder-imports.mjs';

const sourceRoot = path.resolve('/somewhere/src');
const ask = (from, specifier, flags) =>
  objection({ specifier, file: path.join(sourceRoot, from), sourceRoot, ...flags });

test('shared imports nothing but zod', () => {
  assert.equal(ask('shared/domain/a.ts', 'zod'), undefined);
  assert.match(ask('shared/domain/a.ts', 'kysely'), /only zod/);
  assert.match(ask('shared/domain/a.ts', 'node:fs'), /runs anywhere/);
  assert.match(ask('shared/domain/a.ts', '../../learn/registry.ts'), /no other folder/);
});

test('imports go one way', () => {
  assert.equal(ask('workers/train/main.ts', '#catalog/open.ts'), undefined);
  assert.match(ask('catalog/open.ts', '#engine/main.ts'), /may import shared, formats/);
  assert.match(ask('cli/main.ts', '../engine/services/runs.ts'), /not engine/);
  assert.equal(ask('cli/main.ts', '#engine/process/connect.ts'), undefined);
});

test('the engine loads the registry late', () => {
  assert.match(ask('engine/services/runs.ts', '#learn/registry.ts'), /dynamic import/);
  assert.equal(ask('engine/services/runs.ts', '#learn/registry.ts', { dynamic: true }), undefined);
  assert.equal(ask('engine/services/runs.ts', '#learn/registry.ts', { typeOnly: true }), undefined);
  assert.match(ask('engine/services/runs.ts', '#learn/trainer.ts', { dynamic: true }), /not learn/);
});

test('the window takes types, not schemas, from the contract', () => {
  assert.match(ask('renderer/client/a.ts', '../../shared/contract/index.ts'), /only types/);
  assert.equal(ask('renderer/client/a.ts', '../../shared/contract/index.ts', { typeOnly: true }), undefined);
  assert.equal(ask('renderer/client/a.ts', '../../shared/rpc/client.ts'), undefined);
});

test('electron stays in main and preload, in tests too', () => {
  assert.equal(ask('main/window.ts', 'electron'), undefined);
  assert.match(ask('engine/main.ts', 'electron'), /Only src\/main/);
  assert.match(ask('engine/main.test.ts', 'electron'), /Only src\/main/);
});
