import { demo } from './presets/demo.ts';
import { hierarchical } from './presets/hierarchical.ts';
import type { Preset } from './presets/preset.ts';
import { proxyPresets } from './presets/proxies.ts';
import { softTriplePresets } from './presets/soft-triple.ts';
import { twoHeadsPresets } from './presets/two-heads.ts';

export type { Preset } from './presets/preset.ts';

/** Recipes under a name: the demo's, then the papers'. */
export const presets: readonly Preset[] = [
  demo,
  ...softTriplePresets,
  ...proxyPresets,
  ...twoHeadsPresets,
  hierarchical,
];

export const findPreset = (id: string): Preset | undefined => presets.find((preset) => preset.id === id);
