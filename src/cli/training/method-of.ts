import type { Client } from '#shared/contract/index.ts';

const USUAL = 'soft-triple';

/** The method that was named, else the preset's own, else SoftTriple. */
export async function methodOf(
  client: Client,
  { method, preset }: { readonly method?: string | undefined; readonly preset?: string | undefined },
): Promise<string> {
  if (method !== undefined) return method;
  if (preset === undefined) return USUAL;
  const { presets } = await client.runs.options({});
  // One that is not known is named by the check that follows.
  return presets.find(({ id }) => id === preset)?.method ?? USUAL;
}
