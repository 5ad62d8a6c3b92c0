import type { SweepAxis } from '../domain/sweep.ts';
import { UserError } from '../rpc/errors.ts';

const RANGE = /^(?<from>[-+.\deE]+?)\.\.(?<to>[-+.\deE]+?)(?<options>(?::\w+)*)$/;

/**
 * What a setting runs through, as a person writes it: `10,20,40` (values), `1e-4..1e-2:log` (a range) or
 * `1..10:whole:4` (whole numbers, four of them in a grid).
 * @throws UserError `bad-input`
 */
export function parseAxis(field: string, written: string): SweepAxis {
  const text = written.trim();
  if (text === '')
    throw new UserError('bad-input', `"${field}" needs values, such as 10,20,40 or 0.1..1:log`);
  return readRange(field, text) ?? text.split(',').map((value) => readValue(value.trim()));
}

function readRange(field: string, text: string): SweepAxis | undefined {
  const groups = RANGE.exec(text)?.groups;
  if (!groups) return undefined;
  const [from, to] = [Number(groups['from']), Number(groups['to'])];
  if (!Number.isFinite(from) || !Number.isFinite(to))
    throw new UserError('bad-input', `The range of "${field}" needs two numbers, not "${text}".`);
  const range = { from, to, scale: 'linear' as 'linear' | 'log', steps: 5, whole: false };
  for (const option of (groups['options'] ?? '').split(':').filter((word) => word !== '')) {
    if (option === 'log') range.scale = 'log';
    else if (option === 'whole') range.whole = true;
    else if (/^\d+$/.test(option)) range.steps = Number(option);
    else
      throw new UserError(
        'bad-input',
        `A range takes log, whole or a number of steps after a colon, not "${option}" (in "${text}" of ${field}).`,
      );
  }
  return range;
}

function readValue(text: string): string | number | boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'number' || typeof value === 'boolean') return value;
  } catch {
    // Not JSON: a text such as the name of a method.
  }
  return text;
}
