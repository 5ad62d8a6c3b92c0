import type { RemedyChange } from '#shared/worker/train.ts';
import type { SentinelFacts } from './collapse-sentinel.ts';

export interface Finding {
  readonly kind: 'not-finite' | 'collapsed' | 'stuck' | 'dead-centers';
  readonly step: number;
  /** What was seen, and what to do: two sentences for the log and the run's page. */
  readonly sentence: string;
  /** null where a run that has begun cannot take it: it needs a new one. */
  readonly change: RemedyChange | null;
}

const at = (step: number): string => `at step ${String(step)}`;

export function notFiniteFinding(step: number, what: 'loss' | 'gradient', facts: SentinelFacts): Finding {
  const scale = facts.method['scale'];
  const tooSharp = typeof scale === 'number' && scale > 64;
  const remedy = tooSharp
    ? `Lower the scale (λ) from ${String(scale)} to 20 and the learning rates to a tenth.`
    : 'Lower the learning rates to a tenth and clip the gradient to norm 1.';
  return {
    kind: 'not-finite',
    step,
    sentence: `The ${what} was no longer a finite number ${at(step)}. ${remedy}`,
    change: { rateFactor: 0.1, clipNorm: 1, ...(tooSharp && { method: { scale: 20 } }) },
  };
}

export function clusteredFinding(step: number, spread: number, steps: number, facts: SentinelFacts): Finding {
  const easier = easierMining(facts);
  return {
    kind: 'collapsed',
    step,
    sentence: `The embeddings have fallen into one point ${at(step)}: their spread was under ${spread.toPrecision(1)} for ${String(steps)} steps. Lower the learning rates to a third${easier === null ? '' : ` and mine ${easier.words}`}.`,
    change: { rateFactor: 0.3, ...(easier && { method: easier.settings }) },
  };
}

export function stuckFinding(step: number, collapsedLoss: number, facts: SentinelFacts): Finding {
  const easier = easierMining(facts);
  const what =
    facts.method['margin'] === collapsedLoss ? 'its margin' : 'what a single point for all images gives';
  return {
    kind: 'stuck',
    step,
    sentence: `The loss stays at ${collapsedLoss.toPrecision(3)}, ${what}, ${at(step)}: nothing is learned. Lower the learning rates to a third${easier === null ? '' : ` and mine ${easier.words}`}.`,
    change: { rateFactor: 0.3, ...(easier && { method: easier.settings }) },
  };
}

export function deadCentersFinding(step: number, used: number, facts: SentinelFacts): Finding {
  const perClass = facts.method['centersPerClass'];
  const fewer = typeof perClass === 'number' && perClass > 1 ? Math.max(1, Math.round(perClass * used)) : 1;
  return {
    kind: 'dead-centers',
    step,
    sentence: `Only ${(100 * used).toFixed(0)} % of the centres are nearest to any image ${at(step)}. Start a run with ${String(fewer)} ${fewer === 1 ? 'centre' : 'centres'} a class (centersPerClass): a run that has begun cannot change it.`,
    change: null,
  };
}

/** The hardest negatives of a batch are what makes triplet losses collapse; semi-hard ones do not (FaceNet, 3.2). */
function easierMining({
  method,
}: SentinelFacts): { words: string; settings: Record<string, unknown> } | null {
  return method['mining'] === 'batch-hard'
    ? { words: 'semi-hard negatives instead of the hardest', settings: { mining: 'semi-hard' } }
    : null;
}
