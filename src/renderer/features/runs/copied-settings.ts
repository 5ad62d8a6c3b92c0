import { AUTOMATIC } from './config-rows.ts';
import { sameValue } from './field-value.ts';
import type { FormField } from './schema-form.ts';

type Settings = Readonly<Record<string, unknown>>;

interface Form {
  /** Fields of the method. */
  readonly own: readonly FormField[];
  /** Fields of every run. */
  readonly shared: readonly FormField[];
  readonly base: (field: FormField) => unknown;
}

/** The settings of a run's resolved config that the form would not have by itself, by field name. */
export function copiedSettings(config: Settings, { own, shared, base }: Form): Record<string, unknown> {
  const method = (config['method'] ?? {}) as Settings;
  const values = [
    ...own.map((field) => [field, method[field.name]] as const),
    ...shared.map((field) => [field, config[field.name]] as const),
  ];
  return Object.fromEntries(
    values
      .filter(([field, value]) => {
        if (value === undefined || sameValue(value, base(field))) return false;
        const chosenForIt = AUTOMATIC.has(field.name) && base(field) === 0;
        return !chosenForIt || (field.name === 'evaluationResize' && value !== config['size']);
      })
      .map(([field, value]) => [field.name, value]),
  );
}
