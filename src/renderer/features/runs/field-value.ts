import type { FieldKind, FormField } from './schema-form.ts';

export type Parsed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

/** What was typed into a field, as the value that it means, or a sentence that says what the field takes. */
export function parseField(field: FormField, typed: string | boolean): Parsed {
  if (typeof typed === 'boolean') return { ok: true, value: typed };
  const text = typed.trim();
  if (field.zero !== null && (text === '' || text === field.zero)) return { ok: true, value: 0 };
  if (text === '' || text === 'none') {
    if (field.nullable) return { ok: true, value: null };
    if (field.kind !== 'text' && !(field.kind === 'array' && field.minItems === 0)) {
      return { ok: false, problem: `${field.title} needs ${describe(field)}.` };
    }
  }
  switch (field.kind) {
    case 'boolean':
      return { ok: true, value: text === 'true' };
    case 'enum': {
      const option = field.options.find((one) => String(one) === text);
      return option === undefined ? bad(field) : { ok: true, value: option };
    }
    case 'number':
    case 'integer':
      return numberOf(field, text, field.kind);
    case 'array':
      return arrayOf(field, text);
    case 'text':
      return { ok: true, value: text };
  }
}

function numberOf(field: FormField, text: string, kind: FieldKind): Parsed {
  const value = Number(text.replace(',', '.'));
  const whole = kind !== 'integer' || Number.isInteger(value);
  const low = field.min === null || (field.minOpen ? value > field.min : value >= field.min);
  const high = field.max === null || (field.maxOpen ? value < field.max : value <= field.max);
  return text !== '' && Number.isFinite(value) && whole && low && high ? { ok: true, value } : bad(field);
}

function arrayOf(field: FormField, text: string): Parsed {
  const items = text === '' ? [] : text.split(/[;,\s]+/).filter((item) => item !== '');
  const values: unknown[] = [];
  for (const item of items) {
    const parsed: Parsed =
      field.item === 'text' ? { ok: true, value: item } : numberOf(field, item, field.item ?? 'number');
    if (!parsed.ok) return bad(field);
    values.push(parsed.value);
  }
  const counted =
    values.length >= field.minItems && (field.maxItems === null || values.length <= field.maxItems);
  return counted ? { ok: true, value: values } : bad(field);
}

function bad(field: FormField): Parsed {
  return { ok: false, problem: `${field.title} takes ${describe(field)}.` };
}

/** What a field takes, in words: "a whole number from 1 to 64". */
export function describe(field: FormField): string {
  const range = [
    field.min === null ? '' : field.minOpen ? `above ${field.min}` : `from ${field.min}`,
    field.max === null
      ? ''
      : field.maxOpen
        ? `below ${field.max}`
        : `${field.min === null ? 'up ' : ''}to ${field.max}`,
  ].filter((part) => part !== '');
  const ranged = range.length === 0 ? '' : ` ${range.join(' ')}`;
  switch (field.kind) {
    case 'boolean':
      return 'yes or no';
    case 'enum':
      return `one of ${field.options.join(', ')}`;
    case 'integer':
      return `a whole number${ranged}`;
    case 'number':
      return `a number${ranged}`;
    case 'array': {
      const count = field.minItems === field.maxItems && field.maxItems !== null ? `${field.maxItems} ` : '';
      const what = field.item === 'text' ? 'words' : field.item === 'integer' ? 'whole numbers' : 'numbers';
      return `${count}${what}${ranged}, separated by commas`;
    }
    case 'text':
      return 'a text';
  }
}

/** A value as it stands in a field or a table. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.map(showValue).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
