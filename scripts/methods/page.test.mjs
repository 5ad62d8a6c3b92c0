import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { methods } from '../../src/learn/registry.ts';
import { ROOT } from '../setup/places.mjs';
import { methodsPage } from './page.mjs';

const read = (...parts) => readFileSync(path.join(ROOT, 'docs', ...parts), 'utf8');

test('docs/methods.md is what the registry and the measurements say', () => {
  const measured = JSON.parse(read('measured', 'methods.json'));
  expect(read('methods.md'), 'run: npm run methods').toBe(methodsPage(methods, measured));
});

test('every method has a formula, a source and a section; none was measured that does not exist', () => {
  const measured = JSON.parse(read('measured', 'methods.json'));
  const page = methodsPage(methods, measured);
  for (const { title, formula, source } of methods) {
    expect(page).toContain(`### ${title}\n`);
    expect(formula.length).toBeGreaterThan(5);
    expect(source).toMatch(/\d{4}/);
  }
  const known = methods.map(({ id }) => id);
  expect(Object.keys(measured.rows).filter((id) => !known.includes(id))).toEqual([]);
});
