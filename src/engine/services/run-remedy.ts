import type { Checkpoint } from '#shared/domain/run.ts';
import type { RemedyChange, TrainResult } from '#shared/worker/train.ts';

type Config = Readonly<Record<string, unknown>>;

/** More remedies than this say that the settings are wrong, not unlucky. */
const MOST_REMEDIES = 3;
const RATES = ['backboneRate', 'headRate', 'centersRate'] as const;

interface Applied {
  readonly step: number;
  readonly reason: string;
  readonly change: RemedyChange;
}

const appliedTo = (config: Config): readonly Applied[] => (config['remedies'] ?? []) as readonly Applied[];

/** The remedy that a run takes now: where it may mend itself, failed in a way that has one, and did not too often. */
export function remedyFor(config: Config, { status, remedy }: TrainResult): RemedyChange | null {
  if (config['autoRemedy'] !== true || (status !== 'diverged' && status !== 'collapsed')) return null;
  return appliedTo(config).length < MOST_REMEDIES ? (remedy ?? null) : null;
}

/** The settings with which the run goes on; what was changed, when and why stays in them under `remedies`. */
export function remediedConfig(config: Config, change: RemedyChange, { step, reason }: TrainResult): Config {
  const rates = RATES.flatMap((name) => {
    const rate = config[name];
    return typeof rate === 'number' ? [[name, rate * change.rateFactor] as const] : [];
  });
  return {
    ...config,
    ...Object.fromEntries(rates),
    ...(change.clipNorm !== undefined && { clipNorm: change.clipNorm }),
    ...(change.method && { method: { ...(config['method'] as object), ...change.method } }),
    remedies: [...appliedTo(config), { step, reason, change }],
  };
}

/**
 * The last good checkpoint. Numbers that are not finite never reach a checkpoint, so the furthest is good; embeddings
 * fall together slowly, so only the best on the validation classes is.
 */
export function goodCheckpoint(
  kept: readonly Checkpoint[],
  status: TrainResult['status'],
): Checkpoint | undefined {
  return status === 'diverged' ? kept[0] : kept.find(({ kind }) => kind === 'best');
}

/** What was done, as a sentence for the log. */
export function remedySentence(change: RemedyChange, from: Checkpoint | undefined): string {
  const parts = [
    `rates times ${String(change.rateFactor)}`,
    ...(change.clipNorm === undefined ? [] : [`gradients clipped to norm ${String(change.clipNorm)}`]),
    ...Object.entries(change.method ?? {}).map(([name, value]) => `${name} ${String(value)}`),
  ];
  const start = from === undefined ? 'from the beginning' : `from the checkpoint at step ${from.step}`;
  return `Mended by itself: ${parts.join(', ')}; it goes on ${start}.`;
}
