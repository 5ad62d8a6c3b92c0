import type { z } from 'zod';
import { allowsSize, backbones, findBackbone, sizesInWords } from './backbones/catalog.ts';
import { checkSampler, samplerWarnings } from './config/check-sampler.ts';
import { headWarnings } from './config/head-warnings.ts';
import { type SettingProblem, issueSentence } from './config/issue-sentence.ts';
import { trainingBytes } from './config/memory-estimate.ts';
import { nearestName } from './config/nearest-name.ts';
import { type Preset, findPreset, presets } from './config/presets.ts';
import { type RunConfig, RunSettings } from './config/run-settings.ts';
import { type Method, findMethod, methods } from './registry.ts';

export { backbones } from './backbones/catalog.ts';
export { presets } from './config/presets.ts';
export { RunSettings } from './config/run-settings.ts';
export type { RunConfig } from './config/run-settings.ts';
export type { SettingProblem } from './config/issue-sentence.ts';

/** What a person asks for; settings of run and method side by side, under their names or the paper's symbols. */
export interface ConfigRequest {
  readonly method: string;
  readonly preset?: string | undefined;
  readonly backbone?: string | undefined;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What is known of the split and the machine. */
export interface ConfigFacts {
  /** Of the training part. */
  readonly classes: number;
  readonly minImagesPerClass: number;
  readonly trainImages: number;
  readonly validationImages?: number;
  readonly cores?: number;
  readonly memoryBytes?: number;
}

export interface ResolvedConfig {
  /** null where there are problems. */
  readonly config: RunConfig | null;
  readonly problems: readonly SettingProblem[];
  readonly warnings: readonly string[];
  readonly steps: number | null;
}

/** Fills a request from preset, the method's wishes and the defaults, in this order, and checks it against the split. */
export function resolveConfig(request: ConfigRequest, facts: ConfigFacts): ResolvedConfig {
  const problems: SettingProblem[] = [];
  const method = findMethod(request.method);
  if (!method) {
    return refused({
      field: 'method',
      message: unknownSentence(
        'method',
        request.method,
        methods.map((m) => m.id),
      ),
    });
  }
  const preset = request.preset === undefined ? undefined : findPreset(request.preset);
  if (request.preset !== undefined && !preset) {
    return refused({
      field: 'preset',
      message: unknownSentence(
        'preset',
        request.preset,
        presets.map((p) => p.id),
      ),
    });
  }
  const runPart: Record<string, unknown> = {};
  const methodPart: Record<string, unknown> = {};
  const put = (name: string, value: unknown, own: boolean): void => {
    const field = method.symbols[name] ?? name;
    if (field in RunSettings.shape)
      runPart[field] = parsedText(value, RunSettings.shape[field as keyof RunSettings]);
    else if (field in method.schema.shape) methodPart[field] = parsedText(value, method.schema.shape[field]);
    else if (own)
      problems.push({ field: name, message: unknownSentence('setting', name, settingNames(method)) });
  };
  // What a preset says of another method's loss is left out in silence, except where the two methods share the setting:
  // SoftTriple's centres mean the same to HardTriple, its margin nothing to the triplet loss.
  const presetFields = preset && findMethod(preset.method)?.schema.shape;
  const lends = (name: string): boolean =>
    name in RunSettings.shape || presetFields?.[name] === method.schema.shape[name];
  for (const [name, value] of Object.entries(method.defaults ?? {})) put(name, value, false);
  for (const [name, value] of Object.entries(preset?.settings ?? {}))
    if (lends(name)) put(name, value, false);
  for (const [name, value] of Object.entries(request.settings)) put(name, value, true);
  if (request.backbone !== undefined) runPart['backbone'] = request.backbone;

  const fitted = fitToSplit(method, methodPart, chosenFields(request, method), facts);
  const run = RunSettings.safeParse(runPart);
  const own = method.schema.safeParse({ ...methodPart, ...fitted.values });
  problems.push(...(run.error?.issues ?? []).map((issue) => issueSentence(issue, runPart)));
  problems.push(...(own.error?.issues ?? []).map((issue) => withHint(issueSentence(issue, methodPart))));
  if (run.success) problems.push(...checkRun(run.data, facts));
  if (run.success && method.readsTriplets && run.data.sampler !== 'mined')
    problems.push({
      field: 'sampler',
      message: `${method.title} reads triplets, which only the sampler mined makes, not ${run.data.sampler}. For batches of classes take triplet-global.`,
    });
  if (own.success) problems.push(...(method.check?.(own.data, facts) ?? []));
  if (!run.success || !own.success || problems.length > 0)
    return { config: null, problems, warnings: [], steps: null };

  const config: RunConfig = {
    ...run.data,
    evaluationResize: run.data.evaluationResize || run.data.size,
    threads: run.data.threads || (facts.cores ?? 0),
    methodId: method.id,
    method: own.data,
  };
  return {
    config,
    problems,
    warnings: [...fitted.messages, ...lentWarnings(preset, method), ...warningsOf(config, facts)],
    steps: plannedSteps(config, facts.trainImages),
  };
}

/** Batches of one epoch, with every sampler: what does not fill the last batch waits for the next epoch's order. */
export const stepsPerEpoch = (trainImages: number, batch: number): number =>
  Math.max(1, Math.floor(trainImages / batch));

export function plannedSteps(
  config: Pick<RunConfig, 'epochs' | 'steps' | 'batch'>,
  trainImages: number,
): number {
  const all = config.epochs * stepsPerEpoch(trainImages, config.batch);
  return config.steps === 0 ? all : Math.min(all, config.steps);
}

function checkRun(run: RunSettings, facts: ConfigFacts): SettingProblem[] {
  const problems: SettingProblem[] = [];
  const backbone = findBackbone(run.backbone);
  if (!backbone) {
    const message = unknownSentence(
      'backbone',
      run.backbone,
      backbones.map((b) => b.id),
    );
    problems.push({ field: 'backbone', message });
  } else if (facts.memoryBytes !== undefined) {
    const bytes = trainingBytes(backbone.create(), run.batch, run.size, run.freezeBatchNorm);
    if (bytes > 0.9 * facts.memoryBytes) {
      const message = `A step needs about ${gigabytes(bytes)} and this machine has ${gigabytes(facts.memoryBytes)}: lower batch or size.`;
      problems.push({ field: 'batch', message });
    }
  }
  if (backbone && !allowsSize(backbone, run.size)) {
    const { min, multipleOf } = backbone.sizes;
    const near = Math.max(min, Math.round(run.size / multipleOf) * multipleOf);
    problems.push({
      field: 'size',
      message: `size must be ${sizesInWords(backbone)}, not ${String(run.size)}: the nearest is ${String(near)}.`,
    });
  }
  if (run.evaluationResize !== 0 && run.evaluationResize < run.size) {
    problems.push({
      field: 'evaluationResize',
      message: `evaluationResize must be 0 or at least the size ${String(run.size)}, because the centre is cut out of it.`,
    });
  }
  problems.push(...checkSampler(run, facts));
  if (facts.classes < 2) {
    problems.push({
      field: 'split',
      message:
        'The training part has fewer than two classes: there is nothing to tell apart. Make a split with more classes for training.',
    });
  }
  if (facts.trainImages < 2) {
    problems.push({
      field: 'split',
      message: 'The training part has fewer than two images. Make a split with more images for training.',
    });
  }
  return problems;
}

/** Fields of the method that a person named, under its own name or a symbol. */
const chosenFields = (request: ConfigRequest, method: Method): ReadonlySet<string> =>
  new Set(Object.keys(request.settings).map((name) => method.symbols[name] ?? name));

/** What nobody chose gives way to the split; what a person chose is checked and refused instead. */
function fitToSplit(
  method: Method,
  given: Readonly<Record<string, unknown>>,
  chosen: ReadonlySet<string>,
  facts: ConfigFacts,
): { readonly values: Record<string, unknown>; readonly messages: readonly string[] } {
  const parsed = method.schema.safeParse(given);
  const fits = parsed.success && facts.classes >= 2 ? (method.fit?.(parsed.data, facts) ?? []) : [];
  const free = fits.filter(({ field }) => !chosen.has(field));
  return {
    values: Object.fromEntries(free.map(({ field, value }) => [field, value])),
    messages: free.map(({ message }) => message),
  };
}

const lentWarnings = (preset: Preset | undefined, method: Method): readonly string[] =>
  preset === undefined || preset.method === method.id
    ? []
    : [
        `The preset "${preset.id}" is a recipe of ${findMethod(preset.method)?.title ?? preset.method}: for ${method.title} its rates, schedule and views are used, not its loss.`,
      ];

function warningsOf(config: RunConfig, facts: ConfigFacts): string[] {
  const warnings = [...samplerWarnings(config, facts), ...headWarnings(config)];
  const scale = config.method['scale'];
  if (typeof scale === 'number' && scale > 100) {
    warnings.push(
      `A scale of ${String(scale)} makes the softmax nearly a step: the run may stop as diverged. Published runs use 20.`,
    );
  }
  if (facts.trainImages < config.batch) {
    warnings.push(
      `The training part has ${String(facts.trainImages)} images, fewer than one batch of ${String(config.batch)}: every step sees them all.`,
    );
  }
  if ((facts.validationImages ?? 0) < 2 && config.validateEveryEpochs > 0) {
    warnings.push('The split keeps no validation classes, so the best checkpoint is the last one.');
  }
  if (config.earlyStopPatience > 0 && (facts.validationImages ?? 0) < 2) {
    warnings.push('Early stopping needs a validation part; the run will go to its end.');
  }
  return warnings;
}

/** Command lines give texts: "20" for a number, "true" for a switch, "5,10" or 5 for a list. */
function parsedText(value: unknown, schema: unknown): unknown {
  const fits = (read: unknown): boolean => (schema as z.ZodType).safeParse(read).success;
  if (fits(value)) return value;
  const read = typeof value === 'string' ? jsonOf(value) : value;
  const list = typeof value === 'string' ? jsonOf(`[${value}]`) : [value];
  return fits(read) || !fits(list) ? read : list;
}

/** The value of a JSON text, else the text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const settingNames = (method: Method): string[] => [
  ...Object.keys(method.schema.shape),
  ...Object.keys(method.symbols),
  ...Object.keys(RunSettings.shape),
];

function unknownSentence(what: string, wrong: string, names: readonly string[]): string {
  const near = nearestName(wrong, names);
  return near
    ? `There is no ${what} "${wrong}"; did you mean "${near}"?`
    : `There is no ${what} "${wrong}". There are: ${names.join(', ')}.`;
}

const withHint = (problem: SettingProblem): SettingProblem =>
  problem.field === 'scale' && problem.message.includes('at most')
    ? {
        ...problem,
        message: `${problem.message} A scale (λ, --set la=…) that high overflows; published runs use 20.`,
      }
    : problem;

const refused = (problem: SettingProblem): ResolvedConfig => ({
  config: null,
  problems: [problem],
  warnings: [],
  steps: null,
});
const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
