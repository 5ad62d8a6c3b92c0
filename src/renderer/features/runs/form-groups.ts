import type { FormField } from './schema-form.ts';

export type GroupId = 'method' | 'network' | 'batches' | 'optimiser' | 'schedule' | 'views' | 'run';
export const GROUPS: readonly { readonly id: GroupId; readonly title: string }[] = [
  { id: 'method', title: 'Method' },
  { id: 'network', title: 'Network' },
  { id: 'batches', title: 'Batches' },
  { id: 'optimiser', title: 'Optimiser' },
  { id: 'schedule', title: 'Schedule' },
  { id: 'views', title: 'Views' },
  { id: 'run', title: 'Run' },
];

/** By name, for a field whose schema names no group; the first that fits. */
const BY_NAME: readonly (readonly [GroupId, RegExp])[] = [
  ['batches', /batch|sampler/i],
  ['views', /image|size$|resize|crop|flip|augment|jitter|pixel/i],
  ['schedule', /epoch|warm|schedule|milestone|^steps$|patience/i],
  ['optimiser', /rate$|optimi[sz]er|decay|momentum|clip/i],
  ['network', /backbone|weights|dim$|head|pool|freeze/i],
];

/** Where a shared setting stands in the form. A name that says nothing goes with the run, so a new field is never lost. */
export function groupOf(field: FormField): GroupId {
  const named = GROUPS.find((group) => group.id === field.group?.toLowerCase());
  return named?.id ?? BY_NAME.find(([, pattern]) => pattern.test(field.name))?.[0] ?? 'run';
}

/** A run's settings by leaf name: `method.scale` of the resolved config is the field `scale`. */
export function leafName(path: string): string {
  return path.split('.').at(-1) ?? path;
}
