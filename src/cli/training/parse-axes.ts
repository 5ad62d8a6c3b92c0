import type { SweepAxis } from '#shared/domain/sweep.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { parseAxis } from '#shared/sweep/parse-axis.ts';

/**
 * What a search varies, from every `--vary field=values`.
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
    axes[field] = parseAxis(field, text);
  }
  return axes;
}
