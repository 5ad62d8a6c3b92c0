import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RotatingFile } from './rotating-file.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('keeps the newest lines in a bounded number of small files', () => {
  const file = new RotatingFile(folder, 'engine', { maxBytes: 30, keep: 2 });
  for (let i = 0; i < 30; i++) file.write(`line ${i}\n`);
  file.close();
  expect(readdirSync(folder).sort()).toEqual(['engine.1.log', 'engine.2.log', 'engine.log']);
  const kept = ['engine.2.log', 'engine.1.log', 'engine.log']
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .join('');
  expect(kept.endsWith('line 28\nline 29\n')).toBe(true);
  expect(kept).not.toContain('line 0\n');
});

it('goes on where the last process stopped', () => {
  new RotatingFile(folder, 'engine', { maxBytes: 30, keep: 1 }).write('first\n');
  new RotatingFile(folder, 'engine', { maxBytes: 30, keep: 1 }).write('second\n');
  expect(readFileSync(path.join(folder, 'engine.log'), 'utf8')).toBe('first\nsecond\n');
});

it('writes into no other file when the next one cannot be opened, and goes on when it can', () => {
  const file = new RotatingFile(folder, 'engine', { maxBytes: 10, keep: 1 });
  file.write('0123456789');
  rmSync(folder, { recursive: true });
  file.write('lost\n');
  // Takes the number of the file that was closed.
  const bystander = path.join(tmpdir(), `plumage-bystander-${process.pid}`);
  const descriptor = openSync(bystander, 'w+');
  try {
    file.write('lost, too\n');
    expect(readFileSync(bystander, 'utf8')).toBe('');
    fstatSync(descriptor);
  } finally {
    closeSync(descriptor);
    rmSync(bystander);
  }
  mkdirSync(folder);
  file.write('kept\n');
  file.close();
  expect(readFileSync(path.join(folder, 'engine.log'), 'utf8')).toBe('kept\n');
});
