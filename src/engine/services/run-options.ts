import { availableParallelism, totalmem } from 'node:os';
import type { Handlers } from '#shared/contract/index.ts';
import type { RunRequest } from '#shared/domain/run.ts';
import type { StartingWeights } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { z } from 'zod';
import { readMembers } from '#catalog/part-reader.ts';
import { SHIPPED, weightsOfBackbone } from './backbone-weights.ts';
import type { ServiceContext } from './service-context.ts';

type Options = Awaited<ReturnType<Handlers['runs']['options']>>;
type Request = z.output<typeof RunRequest>;

export interface CheckedRequest {
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly problems: readonly { readonly field: string; readonly message: string }[];
  readonly warnings: readonly string[];
  readonly steps: number | null;
  /** What the network begins with; shipped where there are problems. */
  readonly startsFrom: StartingWeights;
}

/** Everything that the run form needs. The learning code is loaded when it is first asked for: it costs memory. */
export async function runOptions(): Promise<Options> {
  const [{ methods }, config, zod] = await Promise.all([
    import('#learn/registry.ts'),
    import('#learn/config.ts'),
    import('zod'),
  ]);
  const schemaOf = (schema: z.ZodType) =>
    zod.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  return {
    methods: methods.map(({ id, title, summary, source, family, formula, defaults, schema }) => ({
      id,
      title,
      summary,
      source,
      family,
      formula,
      defaults: { ...defaults },
      schema: schemaOf(schema),
    })),
    presets: config.presets.map(({ id, title, summary, method, settings }) => ({
      id,
      title,
      summary,
      method,
      settings: { ...settings },
    })),
    backbones: config.backbones.map(({ id, title, featureDim, size, licence }) => ({
      id,
      title,
      featureDim,
      size,
      licence,
    })),
    settings: schemaOf(config.RunSettings),
  };
}

/** Fills and checks a request against the split. */
export async function checkRequest(
  context: ServiceContext,
  splitId: string,
  request: Request,
): Promise<CheckedRequest> {
  const { resolveConfig } = await import('#learn/config.ts');
  const train = readMembers(context.catalog, splitId, 'train').labels;
  const perClass = new Map<number, number>();
  for (const label of train) perClass.set(label, (perClass.get(label) ?? 0) + 1);
  const resolved = resolveConfig(request, {
    classes: perClass.size,
    minImagesPerClass: [...perClass.values()].reduce((least, images) => Math.min(least, images), Infinity),
    trainImages: train.length,
    validationImages: readMembers(context.catalog, splitId, 'validation').labels.length,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  });
  const { config } = resolved;
  if (config === null) return { ...resolved, startsFrom: SHIPPED };
  try {
    const startsFrom = await weightsOfBackbone(context, config.backbone, config.weights, config.seed);
    const warnings = [...resolved.warnings];
    if (startsFrom.kind === 'random' && config.freezeBatchNorm)
      warnings.push(
        'The network starts from nothing: turn freezeBatchNorm off, so that batch norms learn their statistics.',
      );
    return { ...resolved, warnings, startsFrom };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const problems = [{ field: 'weights', message: error.message }];
    return { config: null, problems, warnings: [], steps: null, startsFrom: SHIPPED };
  }
}
