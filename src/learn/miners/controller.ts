import { z } from 'zod';

/** What the controller may move, and where it begins. */
export interface ControllerSettings {
  /** Wanted share of triplets with a loss above 0. */
  readonly target: number;
  readonly minedShare: number;
  readonly negativeRank: number;
  /** Steps between two refreshes. */
  readonly interval: number;
}

/** Exact numbers, so that a run that goes on decides as one that never stopped. */
export const ControllerState = z.strictObject({
  /** Smoothed active share; null before the first measurement. */
  active: z.number().nullable(),
  minedShare: z.number(),
  /** Not rounded; the rank in use is. */
  rank: z.number(),
  /** Not rounded. */
  interval: z.number(),
});
export type ControllerState = z.infer<typeof ControllerState>;

/** What was seen between two refreshes. */
export interface MiningMeasurement {
  /** Share of the batches' triplets with a loss above 0, the mean over the steps. */
  readonly active: number;
  /**
   * Of the triplets that were active when they were mined, the share that no longer is under the embeddings of now; null
   * where none was active.
   */
  readonly solved: number | null;
  /** Share of the anchors that found no negative in the window. */
  readonly without: number;
}

export interface MiningDecision {
  readonly minedShare: number;
  /** r: ranks r to 2r - 1 are drawn. */
  readonly negativeRank: number;
  readonly interval: number;
  readonly reason: string;
}

export const CONTROLLER = {
  /** Weight of the newest measurement. */
  smoothing: 0.5,
  /** Errors of the active share that are left alone. */
  deadband: 0.05,
  /** Change of the share for an error of 1. */
  shareGain: 0.5,
  shareMin: 0.1,
  shareMax: 1,
  /** Doublings of the rank for an error of 1. */
  rankGain: 2,
  rankMax: 32,
  /** Wanted share of solved triplets at a refresh. */
  solvedTarget: 0.5,
  solvedDeadband: 0.15,
  /** Doublings of the interval for a difference of 1. */
  intervalGain: 2,
  /** The interval stays between 1/so and so times where it began. */
  intervalRange: 4,
  /** A window that leaves more anchors than this without a negative is not moved further out. */
  withoutMax: 0.25,
} as const;

export const startOfController = ({
  minedShare,
  negativeRank,
  interval,
}: ControllerSettings): ControllerState => ({ active: null, minedShare, rank: negativeRank, interval });

/** What a state means for the next stretch of steps. */
export const inUse = ({ minedShare, rank, interval }: ControllerState): Omit<MiningDecision, 'reason'> => ({
  minedShare,
  negativeRank: Math.max(1, Math.round(rank)),
  interval: Math.max(1, Math.round(interval)),
});

/**
 * The controller of whole-set mining: a function of state and measurement, without clock and chance. Ours; the law of
 * Harwood et al. is not public in what we have. See docs/mining.md.
 *
 *   a <- a + 0.5 (active - a)                    smoothed; the first measurement as it is
 *   e = target - a, 0 where |e| <= 0.05
 *   share <- clip(share + 0.5 e, 0.1, 1)         too few active triplets: more mined ones
 *   rank <- clip(rank 2^(-2 e), 1, 32)           and nearer negatives
 *   u = solved - 0.5, 0 where |u| <= 0.15
 *   interval <- clip(interval 2^(-2 u), I/4, 4I) triplets solved long before the refresh: mine sooner
 *
 * Gains are such that one measurement moves the share by at most 0.5 and rank and interval by at most a factor of 4.
 */
export function decide(
  state: ControllerState,
  seen: MiningMeasurement,
  settings: ControllerSettings,
): { readonly state: ControllerState; readonly decision: MiningDecision } {
  const c = CONTROLLER;
  const active =
    state.active === null ? seen.active : state.active + c.smoothing * (seen.active - state.active);
  const error = outside(settings.target - active, c.deadband);
  // A window without negatives to draw is no place to go.
  const rankError = error < 0 && seen.without > c.withoutMax ? 0 : error;
  const solvedBy = seen.solved === null ? 0 : outside(seen.solved - c.solvedTarget, c.solvedDeadband);
  const next: ControllerState = {
    active,
    minedShare: clip(state.minedShare + c.shareGain * error, c.shareMin, c.shareMax),
    rank: clip(state.rank * 2 ** (-c.rankGain * rankError), 1, c.rankMax),
    interval: clip(
      state.interval * 2 ** (-c.intervalGain * solvedBy),
      Math.max(1, settings.interval / c.intervalRange),
      settings.interval * c.intervalRange,
    ),
  };
  const reason = sentence(state, next, { active, error, solved: seen.solved, solvedBy }, settings);
  return { state: next, decision: { ...inUse(next), reason } };
}

/** 0 inside the band; outside of it the whole error. */
const outside = (error: number, band: number): number => (Math.abs(error) <= band ? 0 : error);
const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

interface Errors {
  readonly active: number;
  readonly error: number;
  readonly solved: number | null;
  readonly solvedBy: number;
}

function sentence(
  before: ControllerState,
  after: ControllerState,
  { active, error, solved, solvedBy }: Errors,
  { target }: ControllerSettings,
): string {
  const [old, now] = [inUse(before), inUse(after)];
  const moves = [
    move('mined share', percent(old.minedShare), percent(now.minedShare)),
    move('rank of negatives', String(old.negativeRank), String(now.negativeRank)),
    move('refresh interval', `${String(old.interval)} steps`, `${String(now.interval)} steps`),
  ].filter((text) => text !== null);
  const share = `${percent(active)} of the triplets are active, wanted ${percent(target)}`;
  const judged = error === 0 ? 'near enough' : error > 0 ? 'too easy' : 'too hard';
  const stale =
    solved === null || solvedBy === 0
      ? ''
      : `; ${percent(solved)} of the mined ones were solved before this refresh, ${solvedBy > 0 ? 'too late' : 'early enough to wait longer'}`;
  const done = moves.length > 0 ? moves.join(', ') : 'nothing moves';
  return `${share}: ${judged}${stale}. ${done.charAt(0).toUpperCase()}${done.slice(1)}.`;
}

const move = (what: string, from: string, to: string): string | null =>
  from === to ? null : `${what} ${from} to ${to}`;
