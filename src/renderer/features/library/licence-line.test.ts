import { expect, it } from 'vitest';
import { licenceLine } from './licence-line.ts';

it('shows a short licence as it is', () => {
  expect(licenceLine('CC BY 4.0\n')).toEqual({ line: 'CC BY 4.0', whole: true });
});

it('counts the rows of a table of licences', () => {
  const text =
    '# Licences of these pictures\n\n| file | licence |\n|---|---|\n| a.png | MIT |\n| b.png | CC0 |\n';
  expect(licenceLine(text)).toEqual({ line: 'Licences: 2', whole: false });
});

it('takes the heading of a longer text without its marks', () => {
  expect(licenceLine('# Terms of use\nBe kind.')).toEqual({ line: 'Terms of use', whole: false });
});

it('cuts a line that is too long', () => {
  const { line, whole } = licenceLine('word '.repeat(1200));
  expect(line.length).toBeLessThanOrEqual(80);
  expect(line.endsWith('word…') || line.endsWith('wor…')).toBe(true);
  expect(whole).toBe(false);
});
