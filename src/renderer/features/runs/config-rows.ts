import type { Run } from '../../../shared/domain/run.ts';
import { sameValue } from './field-value.ts';
import { groupOf, GROUPS, leafName } from './form-groups.ts';
import type { RunOptions } from './run-form-state.svelte.ts';
import { fieldsOf, words } from './schema-form.ts';

export interface ConfigRow {
  /** Dotted: `method.scale`. */
  readonly path: string;
  readonly value: unknown;
}

/** Every setting of a resolved config, nested ones with dotted names, in the order in which they stand. */
export function configRows(config: Readonly<Record<string, unknown>>, prefix = ''): ConfigRow[] {
  return Object.entries(config).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? configRows(value as Record<string, unknown>, `${prefix}${name}.`)
      : [{ path: `${prefix}${name}`, value }],
  );
}

/** Zero leaves these to the program: what it took then is no change of a person. */
export const AUTOMATIC: ReadonlySet<string> = new Set(['evaluationResize', 'threads']);

/** What the run found out about itself (threads, versions) stands in the config, too, and is nothing that was set. */
function isFact(path: string): boolean {
  return path.startsWith('facts.');
}

/** What the engine writes beside the settings: which split, which weights. */
const BESIDE = /^(remedies|splitHash|startsFrom)(\.|$)/;

/** The settings alone, without what a run found out and did about itself. */
export function settingRows(config: Readonly<Record<string, unknown>>): ConfigRow[] {
  return configRows(config).filter(({ path }) => !isFact(path) && !BESIDE.test(path));
}

const OTHER_TITLES: Readonly<Record<string, string>> = {
  methodId: 'Method',
  backend: 'Computes on',
  preset: 'Preset',
  splitHash: 'Split',
};

const METHOD = /^method(Id$|\.)/;

/** The settings of a run under the groups of the form; what no field is for comes with the run's own. */
export function groupedSettings(
  config: Readonly<Record<string, unknown>>,
  options: RunOptions | undefined,
): { title: string; rows: ConfigRow[] }[] {
  const fields = new Map((options ? fieldsOf(options.settings) : []).map((field) => [field.name, field]));
  const groupIdOf = ({ path }: ConfigRow): string => {
    const field = fields.get(path);
    return METHOD.test(path) ? 'method' : field === undefined ? 'run' : groupOf(field);
  };
  const rows = settingRows(config);
  return GROUPS.map(({ id, title }) => ({ title, rows: rows.filter((row) => groupIdOf(row) === id) })).filter(
    (group) => group.rows.length > 0,
  );
}

/** What a run of this method and preset would have where nothing was changed. */
export function baseSettings(
  { method, config }: Pick<Run, 'method' | 'config'>,
  options: RunOptions | undefined,
): Record<string, unknown> {
  const own = options?.methods.find((one) => one.id === method);
  const preset = options?.presets.find((one) => one.id === config['preset']);
  const fields = [...(options ? fieldsOf(options.settings) : []), ...(own ? fieldsOf(own.schema) : [])];
  const defaults = fields.filter((field) => field.default !== undefined);
  return {
    ...Object.fromEntries(defaults.map((field) => [field.name, field.default])),
    ...own?.defaults,
    ...preset?.settings,
  };
}

/**
 * The titles of the form's fields by setting name.
 * @param method whose fields have the say; the same name has other symbols in other papers
 */
export function settingTitles(options: RunOptions | undefined, method?: string): (path: string) => string {
  const own = options?.methods.filter((one) => method === undefined || one.id === method) ?? [];
  const schemas = options ? [options.settings, ...own.map((one) => one.schema)] : [];
  const titles = new Map(schemas.flatMap(fieldsOf).map((field) => [field.name, field.title]));
  return (path) => titles.get(leafName(path)) ?? OTHER_TITLES[path] ?? words(leafName(path));
}

/** Paths whose value is not what the preset (or, where it is silent, the default) says. */
export function differencesFrom(
  rows: readonly ConfigRow[],
  base: Readonly<Record<string, unknown>>,
): Map<string, unknown> {
  const differences = new Map<string, unknown>();
  for (const row of rows) {
    const name = leafName(row.path);
    if (isFact(row.path) || (AUTOMATIC.has(name) && base[name] === 0)) continue;
    if (name in base && !sameValue(row.value, base[name])) differences.set(row.path, base[name]);
  }
  return differences;
}

export interface ConfigDifference {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

type Configured = Pick<Run, 'method' | 'config'>;

/** The schemas' defaults by path, for settings that came after a run was made. */
function defaultsByPath({ method }: Configured, options: RunOptions | undefined): Map<string, unknown> {
  const own = options?.methods.find((one) => one.id === method);
  return new Map<string, unknown>([
    ...(options ? fieldsOf(options.settings) : []).map((field) => [field.name, field.default] as const),
    ...(own ? fieldsOf(own.schema) : []).map((field) => [`method.${field.name}`, field.default] as const),
  ]);
}

/**
 * Settings that differ between two runs. One that a run lacks has its default there and is left out where the schema has
 * none; only what belongs to another method stands on one side alone.
 */
export function compareConfigs(
  a: Configured,
  b: Configured,
  options: RunOptions | undefined,
): ConfigDifference[] {
  const [left, right] = [a, b].map(({ config }) => configRows(config)) as [ConfigRow[], ConfigRow[]];
  const [mine, theirs] = [left, right].map((rows) => new Map(rows.map((row) => [row.path, row.value])));
  const [ofA, ofB] = [defaultsByPath(a, options), defaultsByPath(b, options)];
  return [...new Set([...left, ...right].map((row) => row.path))]
    .map((path) => ({
      path,
      a: mine?.has(path) ? mine.get(path) : ofA.get(path),
      b: theirs?.has(path) ? theirs.get(path) : ofB.get(path),
    }))
    .filter((row) => {
      if (isFact(row.path) || /^remedies(\.|$)/.test(row.path) || sameValue(row.a, row.b)) return false;
      const oneLacks = mine?.has(row.path) !== theirs?.has(row.path);
      if (oneLacks && AUTOMATIC.has(row.path)) return false;
      if (row.a !== undefined && row.b !== undefined) return true;
      return a.method !== b.method && row.path.startsWith('method.');
    });
}

/** What a compared setting is called; where its two methods name it differently, both names. */
export function comparedTitle(
  row: ConfigDifference,
  a: (path: string) => string,
  b: (path: string) => string,
): string {
  if (row.a === undefined) return b(row.path);
  const names = row.b === undefined ? [a(row.path)] : [a(row.path), b(row.path)];
  return [...new Set(names)].join(' / ');
}
