import { parseArgs } from 'node:util';
import { UserError } from '#shared/rpc/errors.ts';
import type { AnyCommand, ArgumentDefinition, OptionDefinition, OptionDefinitions } from './definition.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';
import { didYouMean } from './nearest.ts';

export interface ParsedCommand {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  readonly global: {
    readonly library: string | undefined;
    readonly json: boolean;
    readonly quiet: boolean;
    readonly help: boolean;
  };
}

const bad = (message: string): UserError => new UserError('bad-input', message);

/**
 * Reads a command's words. Every mistake names the word and, where one is close, the word that was meant.
 * @throws UserError `bad-input`
 */
export function parseCommand(
  command: Pick<AnyCommand, 'name' | 'arguments' | 'options'>,
  words: readonly string[],
): ParsedCommand {
  const definitions: OptionDefinitions = { ...GLOBAL_OPTIONS, ...command.options };
  const { tokens } = parseArgs({
    args: [...words],
    options: Object.fromEntries(
      Object.entries(definitions).map(([name, { type }]) => [
        name,
        {
          type: type === 'flag' ? ('boolean' as const) : ('string' as const),
          multiple: true,
          ...(name.length === 1 ? { short: name } : {}),
        },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const name = token.name === 'h' ? 'help' : token.name;
    const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (!definition) throw unknownOption(command.name, token.rawName, Object.keys(definitions));
    given.set(name, [...(given.get(name) ?? []), optionText(token.rawName, definition, token.value)]);
  }
  const values = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      optionValue(name, definition, given.get(name)),
    ]),
  );
  const { library, json, quiet, help, ...options } = values;
  const global = {
    library: library as string | undefined,
    json: json as boolean,
    quiet: quiet as boolean,
    help: help as boolean,
  };
  if (!global.help) checkArguments(command.name, command.arguments, positionals);
  return { arguments: positionals, options, global };
}

function unknownOption(command: string, raw: string, known: readonly string[]): UserError {
  const hint = didYouMean(raw.replace(/^-+/, ''), known, '--');
  return bad(`"${raw}" is not an option of "${command}".${hint} See "plumage ${command} --help".`);
}

function optionText(raw: string, definition: OptionDefinition, value: string | undefined): string {
  if (definition.type === 'flag') {
    if (value !== undefined) throw bad(`${raw} takes no value.`);
    return 'true';
  }
  if (value === undefined || (value === '' && definition.type !== 'text')) {
    throw bad(
      `${raw} needs a value${definition.value ? ` (${definition.value})` : ''}. A value that begins with a dash is written ${raw}=VALUE.`,
    );
  }
  return value;
}

function optionValue(
  name: string,
  definition: OptionDefinition,
  given: readonly string[] | undefined,
): unknown {
  if (definition.type === 'flag') return given !== undefined;
  if (definition.type === 'list') return given ?? [];
  if (given && given.length > 1)
    throw bad(`--${name} was given ${given.length} times; it may be given once.`);
  const text = given?.[0];
  if (text === undefined) return definition.default;
  if (definition.type === 'text') {
    if (definition.choices && !definition.choices.includes(text)) {
      throw bad(
        `--${name} cannot be "${text}".${didYouMean(text, definition.choices)} Possible: ${definition.choices.join(', ')}.`,
      );
    }
    return text;
  }
  return numberValue(name, definition, text);
}

function numberValue(
  name: string,
  { type, min, max }: Extract<OptionDefinition, { type: 'number' | 'integer' }>,
  text: string,
): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw bad(`--${name} needs a number, not "${text}".`);
  if (type === 'integer' && !Number.isSafeInteger(value))
    throw bad(`--${name} needs a whole number, not "${text}".`);
  if ((min !== undefined && value < min) || (max !== undefined && value > max)) {
    const range =
      min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `from ${min} to ${max}`;
    throw bad(`--${name} must be ${range}, not ${text}.`);
  }
  return value;
}

function checkArguments(
  command: string,
  definitions: readonly ArgumentDefinition[],
  given: readonly string[],
): void {
  const see = `See "plumage ${command} --help".`;
  definitions.forEach((definition, i) => {
    const value = given[i];
    if (value === undefined && definition.required)
      throw bad(`"${command}" needs ${definition.name} (${definition.help}). ${see}`);
    if (value !== undefined && definition.choices && !definition.choices.includes(value)) {
      throw bad(
        `"${value}" is not something that "${command}" knows.${didYouMean(value, definition.choices)} Possible: ${definition.choices.join(', ')}.`,
      );
    }
  });
  const extra = given[definitions.length];
  if (extra !== undefined)
    throw bad(`"${command}" does not take "${extra}" as well; put names with spaces in quotes. ${see}`);
}
