import { describe as group, expect, it } from 'vitest';
import { describe, parseField, sameValue, showValue } from './field-value.ts';
import { fieldsOf, type FormField } from './schema-form.ts';

const schema = {
  type: 'object',
  properties: {
    scale: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 1000,
      default: 20,
      title: 'Scale',
      description: 'Lambda.',
      group: 'loss',
    },
    centersPerClass: { type: 'integer', minimum: 1, maximum: 64, default: 10 },
    steps: { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991, default: 1 },
    freezeBatchNorm: { type: 'boolean', default: true },
    schedule: { type: 'string', enum: ['steps', 'cosine'], default: 'cosine' },
    cropScale: {
      type: 'array',
      items: { type: 'number', minimum: 0, maximum: 1 },
      minItems: 2,
      maxItems: 2,
      default: [0.5, 1],
    },
    milestones: {
      type: 'array',
      prefixItems: [
        { type: 'integer', minimum: 0 },
        { type: 'integer', minimum: 0 },
      ],
      default: [19, 39],
    },
    clip: { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, { type: 'null' }], default: null },
    mode: { anyOf: [{ const: 'hard' }, { const: 'soft' }], default: 'soft' },
    limit: { type: 'integer', minimum: 0, default: 0, zero: 'no limit' },
    patience: { type: 'integer', default: 2, rare: true, onlyWhen: { field: 'schedule', is: ['plateau'] } },
    note: { $ref: '#/$defs/note' },
  },
  $defs: { note: { type: 'string', title: 'Note' } },
};
const fields = new Map(fieldsOf(schema).map((field) => [field.name, field]));
const field = (name: string): FormField => {
  const found = fields.get(name);
  if (found === undefined) throw new Error(`no field ${name}`);
  return found;
};

group('fields of a JSON Schema', () => {
  it('keeps titles, groups, defaults and bounds', () => {
    expect(field('scale')).toMatchObject({
      title: 'Scale',
      description: 'Lambda.',
      kind: 'number',
      default: 20,
      min: 0,
      minOpen: true,
      max: 1000,
      group: 'loss',
    });
    expect(field('centersPerClass')).toMatchObject({
      title: 'Centers per class',
      kind: 'integer',
      min: 1,
      minOpen: false,
    });
    expect(field('steps')).toMatchObject({ min: null, max: null });
    expect(field('note')).toMatchObject({ title: 'Note', kind: 'text' });
  });

  it('tells what is rare and what a field depends on', () => {
    expect(field('patience')).toMatchObject({ rare: true, onlyWhen: { field: 'schedule', is: ['plateau'] } });
    expect(field('limit')).toMatchObject({ rare: false, onlyWhen: null });
  });

  it('takes an empty field for 0 where 0 has a word', () => {
    for (const typed of ['', 'no limit', '0'])
      expect(parseField(field('limit'), typed)).toEqual({ ok: true, value: 0 });
    expect(parseField(field('limit'), '7')).toEqual({ ok: true, value: 7 });
    expect(parseField(field('steps'), '')).toMatchObject({ ok: false });
  });

  it('tells enums, arrays, tuples and nullable fields', () => {
    expect(field('schedule')).toMatchObject({ kind: 'enum', options: ['steps', 'cosine'] });
    expect(field('mode')).toMatchObject({ kind: 'enum', options: ['hard', 'soft'], nullable: false });
    expect(field('cropScale')).toMatchObject({
      kind: 'array',
      item: 'number',
      minItems: 2,
      maxItems: 2,
      max: 1,
    });
    expect(field('milestones')).toMatchObject({
      kind: 'array',
      item: 'integer',
      minItems: 2,
      maxItems: 2,
      min: 0,
    });
    expect(field('clip')).toMatchObject({ kind: 'number', nullable: true, default: null, min: 0 });
  });
});

group('what is typed into a field', () => {
  it.each<[string, string | boolean, unknown]>([
    ['scale', ' 1e1 ', 10],
    ['scale', '0,5', 0.5],
    ['centersPerClass', '2', 2],
    ['freezeBatchNorm', false, false],
    ['schedule', 'steps', 'steps'],
    ['cropScale', '0.08, 1', [0.08, 1]],
    ['clip', '', null],
    ['clip', '5', 5],
    ['note', '', ''],
  ])('%s: %j', (name, typed, value) => {
    expect(parseField(field(name), typed)).toEqual({ ok: true, value });
  });

  it.each([
    ['scale', '0', 'Scale takes a number above 0 to 1000.'],
    ['scale', '', 'Scale needs a number above 0 to 1000.'],
    ['centersPerClass', '1.5', 'Centers per class takes a whole number from 1 to 64.'],
    ['centersPerClass', 'many', 'Centers per class takes a whole number from 1 to 64.'],
    ['schedule', 'linear', 'Schedule takes one of steps, cosine.'],
    ['cropScale', '0.5', 'Crop scale takes 2 numbers from 0 to 1, separated by commas.'],
    ['cropScale', '0.5, 2', 'Crop scale takes 2 numbers from 0 to 1, separated by commas.'],
  ])('%s: %j is refused', (name, typed, problem) => {
    expect(parseField(field(name), typed)).toEqual({ ok: false, problem });
  });

  it('shows and compares values', () => {
    expect(showValue([0.5, 1])).toBe('0.5, 1');
    expect(showValue(null)).toBe('none');
    expect(sameValue([1, 2], [1, 2])).toBe(true);
    expect(sameValue(1, '1')).toBe(false);
    expect(describe(field('freezeBatchNorm'))).toBe('yes or no');
  });
});
