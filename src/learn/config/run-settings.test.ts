import { expect, it } from 'vitest';
import { methods } from '../registry.ts';
import { RunSettings } from './run-settings.ts';

it.each(methods.map((method) => [method.id, method] as const))(
  'no setting or symbol of %s has the name of a run setting, which would take its value',
  (_, { schema, symbols }) => {
    const own = [...Object.keys(schema.shape), ...Object.keys(symbols)];
    expect(own.filter((name) => name in RunSettings.shape)).toEqual([]);
  },
);
