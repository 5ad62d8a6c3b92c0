/** Reads a JSON Schema of an object into fields that a form can draw. Knows nothing of runs, methods or the engine. */

export type FieldKind = 'number' | 'integer' | 'boolean' | 'enum' | 'array' | 'text';

export interface FormField {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly kind: FieldKind;
  /** null is a value of its own ("none"). */
  readonly nullable: boolean;
  /** What 0 means where it is no amount: "no limit". An empty field is then 0. */
  readonly zero: string | null;
  readonly default: unknown;
  readonly min: number | null;
  readonly max: number | null;
  /** True where the bound itself is not allowed. */
  readonly minOpen: boolean;
  readonly maxOpen: boolean;
  readonly options: readonly (string | number)[];
  readonly item: FieldKind | null;
  readonly minItems: number;
  readonly maxItems: number | null;
  readonly group: string | null;
  /** Seldom touched: it waits behind "More". */
  readonly rare: boolean;
  /** It matters only while another field has one of these values. */
  readonly onlyWhen: { readonly field: string; readonly is: readonly unknown[] } | null;
}

type Schema = Readonly<Record<string, unknown>>;

export function fieldsOf(schema: Schema): FormField[] {
  const properties = asSchema(schema['properties']);
  return Object.entries(properties).map(([name, property]) =>
    fieldOf(name, resolve(asSchema(property), schema)),
  );
}

function fieldOf(name: string, whole: Schema): FormField {
  const { schema, nullable } = withoutNull(whole);
  const options = enumOf(schema);
  const items = asSchema(schema['items']);
  const prefix = Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as unknown[]) : null;
  const kind = kindOf(schema, options);
  const minOpen = typeof schema['exclusiveMinimum'] === 'number';
  const maxOpen = typeof schema['exclusiveMaximum'] === 'number';
  const bounds = kind === 'array' ? (prefix === null ? items : asSchema(prefix[0])) : schema;
  return {
    name,
    title: text(schema['title']) ?? text(whole['title']) ?? words(name),
    description: text(schema['description']) ?? text(whole['description']) ?? '',
    kind,
    nullable,
    zero: text(schema['zero']) ?? text(whole['zero']),
    default: whole['default'] ?? schema['default'] ?? (nullable ? null : undefined),
    min: bound(bounds, 'minimum', 'exclusiveMinimum'),
    max: bound(bounds, 'maximum', 'exclusiveMaximum'),
    minOpen,
    maxOpen,
    options,
    item: kind === 'array' ? kindOf(bounds, []) : null,
    minItems: prefix?.length ?? number(schema['minItems']) ?? 0,
    maxItems: prefix?.length ?? number(schema['maxItems']),
    group: text(schema['group']) ?? text(whole['group']),
    rare: (schema['rare'] ?? whole['rare']) === true,
    onlyWhen: condition(asSchema(schema['onlyWhen'] ?? whole['onlyWhen'])),
  };
}

function kindOf(schema: Schema, options: readonly unknown[]): FieldKind {
  if (options.length > 0) return 'enum';
  switch (schema['type']) {
    case 'integer':
    case 'number':
    case 'boolean':
    case 'array':
      return schema['type'];
    default:
      return 'text';
  }
}

function enumOf(schema: Schema): (string | number)[] {
  const own: unknown[] = Array.isArray(schema['enum']) ? (schema['enum'] as unknown[]) : [];
  const alternatives = own.length > 0 ? own : branches(schema).map((branch) => branch['const']);
  return alternatives.filter((value) => typeof value === 'string' || typeof value === 'number');
}

function withoutNull(schema: Schema): { schema: Schema; nullable: boolean } {
  const parts = branches(schema);
  const rest = parts.filter((part) => part['type'] !== 'null');
  if (rest.length < parts.length)
    return { schema: rest.length === 1 ? { ...schema, ...rest[0] } : schema, nullable: true };
  const type = schema['type'];
  if (!Array.isArray(type)) return { schema, nullable: false };
  const types = (type as unknown[]).filter((one) => one !== 'null');
  return { schema: { ...schema, type: types[0] }, nullable: types.length < type.length };
}

function branches(schema: Schema): Schema[] {
  const parts = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(parts) ? (parts as unknown[]).map(asSchema) : [];
}

function resolve(schema: Schema, root: Schema): Schema {
  const reference = text(schema['$ref']);
  if (reference === null || !reference.startsWith('#/')) return schema;
  const target = reference
    .slice(2)
    .split('/')
    .reduce<unknown>((at, key) => asSchema(at)[key], root);
  return { ...asSchema(target), ...schema };
}

function condition({ field, is }: Schema): FormField['onlyWhen'] {
  return typeof field === 'string' && Array.isArray(is) ? { field, is: is as unknown[] } : null;
}

function bound(schema: Schema, closed: string, open: string): number | null {
  const value = number(schema[closed]) ?? number(schema[open]);
  // zod writes the range of safe integers for every integer: that is no bound worth showing.
  return value !== null && Math.abs(value) < 2 ** 53 - 1 ? value : null;
}

/** `centerLearningRate` as `Center learning rate`. */
export function words(name: string): string {
  const spaced = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}
function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
