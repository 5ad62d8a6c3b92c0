import { z } from 'zod';
import { presets, resolveConfig, RunSettings } from '../../src/learn/config.ts';
import { methods } from '../../src/learn/registry.ts';
import type { RoomsOptions } from '../../src/renderer/testing/rooms-engine.ts';

const json = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });
const FACTS = {
  classes: 476,
  minImagesPerClass: 5,
  trainImages: 2570,
  validationImages: 286,
  cores: 2,
  memoryBytes: 24e9,
};

/** The form's schemas, presets and checks as the engine has them. */
export const realSettings: Required<Pick<RoomsOptions, 'options' | 'check'>> = {
  options: async () => ({
    methods: methods.map(({ id, title, summary, source, family, formula, defaults, schema }) => ({
      id,
      title,
      summary,
      source,
      family,
      formula,
      defaults: { ...defaults },
      schema: json(schema),
    })),
    presets: presets.map((preset) => ({ ...preset, settings: { ...preset.settings } })),
    backbones: [
      {
        id: 'mobilenet-v2-0.35',
        title: 'MobileNetV2 0.35',
        featureDim: 1280,
        size: 224,
        licence: 'Apache-2.0',
      },
    ],
    settings: json(RunSettings),
  }),
  check: async ({ method = 'soft-triple', preset, settings = {} }) => {
    const { config, problems, warnings, steps } = resolveConfig({ method, preset, settings }, FACTS);
    return {
      config: config === null ? null : { ...config },
      problems: [...problems],
      warnings: [...warnings],
      steps,
    };
  },
};
