import type { RunOptions } from './run-form-state.svelte.ts';

type MethodInfo = RunOptions['methods'][number];

const TITLES: Readonly<Record<string, string>> = {
  centers: 'Centres and proxies',
  classification: 'Classification',
  pairs: 'Pairs',
  triplets: 'Triplets',
  structure: 'Structure of the batch',
};

export const familyTitle = (family: string): string => TITLES[family] ?? family;

/** The methods as a list to choose from, family by family in the order in which the engine names them. */
export function methodChoices(
  methods: readonly MethodInfo[],
): { value: string; label: string; group: string }[] {
  const families = [...new Set(methods.map((one) => one.family))];
  return families.flatMap((family) =>
    methods
      .filter((one) => one.family === family)
      .map((one) => ({ value: one.id, label: one.title, group: familyTitle(family) })),
  );
}

/** The presets under the method that each is for. */
export function presetGroups(
  options: RunOptions,
): { method: string; title: string; presets: RunOptions['presets'] }[] {
  return [...new Set(options.presets.map((one) => one.method))].map((method) => ({
    method,
    title: options.methods.find((one) => one.id === method)?.title ?? method,
    presets: options.presets.filter((one) => one.method === method),
  }));
}
