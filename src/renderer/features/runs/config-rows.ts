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

/** Settings that differ between two runs, and those that only one of them has. */
export function compareConfigs(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): ConfigDifference[] {
  const left = new Map(configRows(a).map((row) => [row.path, row.value]));
  const right = new Map(configRows(b).map((row) => [row.path, row.value]));
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((path) => ({ path, a: left.get(path), b: right.get(path) }))
    .filter((row) => !isFact(row.path) && row.path !== 'remedies' && !sameValue(row.a, row.b));
}
