import { UserError } from '#shared/rpc/errors.ts';

/**
 * The settings of a run from its own options and from `--set key=value`. A value is read as JSON where it is JSON
 * (`0.01`, `true`, `null`, `[1,2]`) and is text otherwise.
 * @throws UserError `bad-input`
 */
export function parseSettings(
  own: Readonly<Record<string, unknown>>,
  pairs: readonly string[],
): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(own)) if (value !== undefined) settings[key] = value;
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const key = pair.slice(0, at).trim();
    if (at < 1 || key === '')
      throw new UserError(
        'bad-input',
        `--set needs KEY=VALUE, not "${pair}". For example: --set margin=0.02`,
      );
    if (Object.hasOwn(settings, key))
      throw new UserError('bad-input', `The setting "${key}" was given twice.`);
    settings[key] = readValue(pair.slice(at + 1).trim());
  }
  return settings;
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
