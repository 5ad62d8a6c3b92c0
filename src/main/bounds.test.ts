import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBounds, writeBounds } from './bounds.ts';

const screen = [{ x: 0, y: 0, width: 1920, height: 1080 }];
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumage-bounds-'));
  file = path.join(folder, 'window.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('opens where it was closed', () => {
  const bounds = { x: 100, y: 50, width: 1000, height: 700, maximized: true };
  writeBounds(file, bounds);
  expect(readBounds(file, screen)).toEqual(bounds);
});

it('keeps the size but not a place that no display shows any more', () => {
  writeBounds(file, { x: 2500, y: 50, width: 1000, height: 700, maximized: false });
  expect(readBounds(file, screen)).toEqual({ width: 1000, height: 700, maximized: false });
});

it('does not mind a missing or broken file', () => {
  expect(readBounds(file, screen).width).toBe(1360);
  writeFileSync(file, '{"width":-4}');
  expect(readBounds(file, screen).width).toBe(1360);
  writeBounds(path.join(folder, 'missing', 'window.json'), { width: 500, height: 500, maximized: false });
});
