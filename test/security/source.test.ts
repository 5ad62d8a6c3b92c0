import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const SRC = path.resolve(import.meta.dirname, '../../src');
const files = globSync('**/*.{ts,svelte}', { cwd: SRC }).filter((file) => !file.includes('.test.'));

/** Files with a line that matches. */
function filesWith(pattern: RegExp): string[] {
  return files.filter((file) => pattern.test(readFileSync(path.join(SRC, file), 'utf8')));
}

it('looks at the whole source', () => {
  expect(files.length).toBeGreaterThan(200);
  expect(filesWith(/from 'node:child_process'/).length).toBeGreaterThan(0);
});

it('starts programs with a list of arguments, never with a line for a shell', () => {
  expect(filesWith(/\bexec(?:Sync)?\b[^;]*from 'node:child_process'/)).toEqual([]);
  expect(filesWith(/\bshell:\s*(?:true|')/)).toEqual([]);
});

it('evaluates no text as code and writes no HTML that came from data', () => {
  expect(filesWith(/\bnew Function\(|\beval\(|\.(?:inner|outer)HTML\s*=|\{@html\b/)).toEqual([]);
});

it('asks nobody on the network: requests go to the engine’s own addresses', () => {
  const asking = /\b(?:fetch|request|get)\(\s*['"`]https?:|new WebSocket\(\s*['"`]wss?:\/\/(?!plumage\/)/;
  expect(filesWith(asking)).toEqual([]);
  expect(filesWith(/from 'node:(?:https|dgram|dns)'/)).toEqual([]);
});
