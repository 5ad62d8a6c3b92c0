import { columns } from '../output/table.ts';
import type { AnyCommand, OptionDefinition, OptionDefinitions } from './definition.ts';
import { GLOBAL_OPTIONS } from './global-options.ts';

/** `plumage help`. */
export function overview(commands: readonly AnyCommand[]): string {
  const usage = (each: AnyCommand): string =>
    [each.name, ...each.arguments.map((a) => (a.required ? a.name : `[${a.name}]`))].join(' ');
  return [
    'Plumage: fine-grained image datasets and the embeddings trained on them.',
    '',
    'Usage: plumage <command> [arguments] [--library DIR] [--json] [--quiet]',
    '',
    'Commands',
    columns(commands.map((each) => [`  ${usage(each)}`, each.summary])),
    '',
    '"plumage help COMMAND" shows options and examples.',
    'Exit codes: 0 done, 1 failed, 2 bad usage or input, 3 not found, 4 busy or conflict, 130 interrupted.',
  ].join('\n');
}

/** `plumage help COMMAND`, `plumage COMMAND --help`. */
export function commandHelp(each: AnyCommand): string {
  const words = each.arguments.map((argument) => (argument.required ? argument.name : `[${argument.name}]`));
  const lines = [`Usage: plumage ${[each.name, ...words].join(' ')} [options]`, '', each.summary];
  if (each.details) lines.push(each.details);
  if (each.arguments.length > 0) {
    lines.push(
      '',
      'Arguments',
      columns(
        each.arguments.map((a) => [`  ${a.name}`, a.choices ? `${a.help}: ${a.choices.join(', ')}` : a.help]),
      ),
    );
  }
  if (Object.keys(each.options).length > 0) lines.push('', 'Options', optionRows(each.options));
  lines.push('', 'Everywhere', optionRows(GLOBAL_OPTIONS));
  if (each.examples.length > 0)
    lines.push('', 'Examples', ...each.examples.map((example) => `  plumage ${example}`));
  return lines.join('\n');
}

function optionRows(options: OptionDefinitions): string {
  return columns(
    Object.entries(options).map(([name, option]) => [
      `  ${name.length === 1 ? '-' : '--'}${name}${option.type === 'flag' ? '' : ` ${option.value ?? (option.type === 'text' || option.type === 'list' ? 'TEXT' : 'N')}`}`,
      describe(option),
    ]),
  );
}

function describe(option: OptionDefinition): string {
  const parts = [option.help];
  if (option.type === 'text' && option.choices) parts.push(`one of ${option.choices.join(', ')}`);
  if ('default' in option && option.default !== undefined) parts.push(`default ${option.default}`);
  if (option.type === 'list') parts.push('repeatable');
  return parts.join('; ');
}
