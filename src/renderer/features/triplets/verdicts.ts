import type { Verdict } from '../../../shared/domain/dataset.ts';
import type { Triplet } from '../../../shared/domain/triplet.ts';

export type Corner = 'anchor' | 'positive' | 'negative';
export const CORNERS: readonly { readonly id: Corner; readonly title: string; readonly key: string }[] = [
  { id: 'anchor', title: 'Anchor', key: 'a' },
  { id: 'positive', title: 'Positive', key: 'p' },
  { id: 'negative', title: 'Negative', key: 'n' },
];

export interface VerdictInfo {
  readonly id: Verdict;
  readonly key: string;
  readonly title: string;
  /** What it does to the chosen picture. */
  readonly effect: string;
}

/** The verdicts in the order of their keys. */
export const VERDICTS: readonly VerdictInfo[] = [
  { id: 'label-wrong', key: '1', title: 'Label wrong', effect: 'gives the picture another class' },
  { id: 'duplicate', key: '2', title: 'Duplicate', effect: 'leaves the picture out' },
  {
    id: 'look-alike',
    key: '3',
    title: 'True look-alike',
    effect: 'changes nothing: the pair is hard and right',
  },
  { id: 'bad-crop', key: '4', title: 'Bad crop', effect: 'leaves the picture out' },
  { id: 'skip', key: '5', title: 'Skip', effect: 'changes nothing' },
];

export function verdictTitle(verdict: Verdict): string {
  return VERDICTS.find((one) => one.id === verdict)?.title ?? verdict;
}

/** The class that a wrongly labelled picture most likely has: that of the picture it lies next to. */
export function suggestedClass(triplet: Triplet, corner: Corner): string {
  return corner === 'negative' ? triplet.anchor.class : triplet.negative.class;
}

/** The triplet as it will stand once a verdict is written: what the room shows before the engine has answered. */
export function afterVerdict(
  triplet: Triplet,
  verdict: Verdict,
  corner: Corner | null,
  className: string | null,
): Triplet {
  const judged: Triplet = { ...triplet, verdict };
  if (corner === null) return judged;
  const image = triplet[corner];
  if (verdict === 'label-wrong' && className !== null)
    return { ...judged, [corner]: { ...image, class: className } };
  if (verdict === 'label-wrong' || verdict === 'duplicate' || verdict === 'bad-crop') {
    return { ...judged, [corner]: { ...image, excluded: true } };
  }
  return judged;
}

/** What smart mining promises of every triplet: the negative lies farther than the positive. */
export function isActive(triplet: Triplet, margin: number): boolean {
  return triplet.violation + margin > 0;
}
