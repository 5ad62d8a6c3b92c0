import type { FormField } from './schema-form.ts';

export type GroupId = 'method' | 'training' | 'data' | 'schedule';
export const GROUPS: readonly { readonly id: GroupId; readonly title: string }[] = [
  { id: 'method', title: 'Method' },
  { id: 'training', title: 'Training' },
  { id: 'data', title: 'Data' },
  { id: 'schedule', title: 'Schedule' },
];

/**
 * Where a shared setting stands in the form: where its schema says, else by its name. A name that says nothing goes
 * with the training settings, so a new field is never lost.
 */
export function groupOf(field: FormField): GroupId {
  const named = GROUPS.find((group) => group.id === field.group?.toLowerCase());
  if (named) return named.id;
  if (
    /image|size$|resize|crop|flip|augment|jitter|pixel|cache|loader|worker/i.test(field.name) &&
    !/batch/i.test(field.name)
  )
    return 'data';
  if (
    /epoch|warm|schedule|milestone|decayFactor|^steps$|patience|every|interval|validat|checkpoint|stop/i.test(
      field.name,
    )
  )
    return 'schedule';
  return 'training';
}

/** A run's settings by leaf name: `method.scale` of the resolved config is the field `scale`. */
export function leafName(path: string): string {
  return path.split('.').at(-1) ?? path;
}
