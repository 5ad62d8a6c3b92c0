import { UserError } from '#shared/rpc/errors.ts';
import type { ArgumentDefinition } from '../syntax/definition.ts';

/** The arguments of `runs`, `datasets`, `splits` and `jobs`: a verb, and for all but `list` a name or id. */
export function verbArguments(verbs: readonly string[], what: string): readonly ArgumentDefinition[] {
  return [
    { name: 'VERB', help: 'what to do (default list)', required: false, choices: verbs },
    { name: 'ID', help: `the ${what}, by name or id`, required: false },
  ];
}

/** @throws UserError `bad-input` where the verb needs a thing and none was named */
export function mustName(command: string, verb: string, id: string | undefined): string {
  if (id !== undefined) return id;
  throw new UserError(
    'bad-input',
    `"${command} ${verb}" needs a name or id. "plumage ${command} list" shows them.`,
  );
}
