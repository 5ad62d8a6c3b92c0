import type { SweepAxis } from '#shared/domain/sweep.ts';
import { UserError } from '#shared/rpc/errors.ts';

const RANGE = /^(?<from>[-+.\deE]+?)\.\.(?<to>[-+.\deE]+?)(?<options>(?::\w+)*)$/;

/**
 * What a search varies, from `--vary field=10,20,40` (values), `--vary field=1e-4..1e-2:log` (a range) and
 * `--vary field=1..10:whole:4` (whole numbers, four of them in a grid).
 * @throws UserError `bad-input`
 */
export function parseAxes(pairs: readonly string[]): Record<string, SweepAxis> {
  const axes: Record<string, SweepAxis> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const field = pair.slice(0, at).trim();
    const text = pair.slice(at + 1).trim();
    if (at < 1 || field === '' || text === '')
      throw new UserError(
        'bad-input',
        `--vary needs FIELD=VALUES, not "${pair}". For example: --vary scale=10,20,40 or --vary headRate=1e-4..1e-2:log`,
      );
    if (Object.hasOwn(axes, field))
      throw new UserError('bad-input', `The field "${field}" varies twice: give all its values at once.`);
    axes[field] = readRange(field, text) ?? text.split(',').map((value) => readValue(value.trim()));
  }
  return axes;
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
        `A range takes log, whole or a number of steps after a colon, not "${option}" (in "${field}=${text}").`,
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
