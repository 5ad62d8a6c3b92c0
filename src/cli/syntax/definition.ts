import type { Session } from '../session.ts';

interface OptionBase {
  readonly help: string;
  /** What stands for the value in help: `DIR`, `N`. */
  readonly value?: string;
}

export interface FlagOption extends OptionBase {
  readonly type: 'flag';
}

export interface TextOption extends OptionBase {
  readonly type: 'text';
  readonly choices?: readonly string[];
  readonly default?: string;
}

/** May be given several times. */
export interface ListOption extends OptionBase {
  readonly type: 'list';
}

export interface NumberOption extends OptionBase {
  readonly type: 'number' | 'integer';
  readonly min?: number;
  readonly max?: number;
  readonly default?: number;
}

export type OptionDefinition = FlagOption | TextOption | ListOption | NumberOption;
export type OptionDefinitions = Readonly<Record<string, OptionDefinition>>;

export interface ArgumentDefinition {
  readonly name: string;
  readonly help: string;
  readonly required: boolean;
  readonly choices?: readonly string[];
}

type GivenOr<O, T> = O extends { readonly default: T } ? T : T | undefined;

type ValueOf<O extends OptionDefinition> = O extends FlagOption
  ? boolean
  : O extends ListOption
    ? readonly string[]
    : O extends NumberOption
      ? GivenOr<O, number>
      : O extends { readonly choices: readonly (infer C extends string)[] }
        ? O extends { readonly default: string }
          ? C
          : C | undefined
        : GivenOr<O, string>;

export type ValuesOf<O extends OptionDefinitions> = { readonly [K in keyof O]: ValueOf<O[K]> };

/** What a command gives back: one JSON object for `--json`, and the same for people. */
export interface CommandResult {
  readonly json: unknown;
  readonly text: string;
}

/** A command of the command line: everything that help, parsing and running need, in one place. */
export interface CommandDefinition<O extends OptionDefinitions = OptionDefinitions> {
  readonly name: string;
  readonly summary: string;
  readonly details?: string;
  readonly arguments: readonly ArgumentDefinition[];
  readonly options: O;
  readonly examples: readonly string[];
  run(
    input: { readonly arguments: readonly string[]; readonly options: ValuesOf<O> },
    session: Session,
  ): Promise<CommandResult>;
}

/** A command whose option types are forgotten, as the list of all commands holds it. */
export type AnyCommand = Omit<CommandDefinition, 'run'> & {
  run(
    input: { readonly arguments: readonly string[]; readonly options: never },
    session: Session,
  ): Promise<CommandResult>;
};

export function command<const O extends OptionDefinitions>(
  definition: CommandDefinition<O>,
): CommandDefinition<O> {
  return definition;
}
