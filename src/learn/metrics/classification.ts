/** Scores of predicted classes against labels. */
export interface ClassificationScores {
  /** Share of images that are right. */
  readonly micro: number;
  /** Mean over the classes that occur of their share that is right. */
  readonly macro: number;
  /** Mean over the classes that occur of 2 TP / (2 TP + FP + FN). */
  readonly macroF1: number;
  /** [classes, classes], rows are labels, columns predictions. */
  readonly confusion: Int32Array;
}

/**
 * @param logits [images, classes]; equal ones go to the smaller class
 * @param labels [images], 0 <= label < classes
 */
export function classificationScores(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): ClassificationScores {
  const confusion = new Int32Array(classes * classes);
  for (let i = 0; i < labels.length; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[i * classes + c]! > logits[i * classes + best]!) best = c;
    confusion[labels[i]! * classes + best]!++;
  }
  let right = 0;
  let present = 0;
  let recalls = 0;
  let f1 = 0;
  for (let c = 0; c < classes; c++) {
    let ofClass = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      ofClass += confusion[c * classes + other]!;
      predicted += confusion[other * classes + c]!;
    }
    const hit = confusion[c * classes + c]!;
    right += hit;
    if (ofClass === 0) continue;
    present++;
    recalls += hit / ofClass;
    f1 += (2 * hit) / (ofClass + predicted);
  }
  return { micro: right / labels.length, macro: recalls / present, macroF1: f1 / present, confusion };
}

/** Share of images whose label is among the k largest logits; equal logits count for the smaller class first. */
export function topKAccuracy(
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
  k: number,
): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    const own = logits[i * classes + labels[i]!]!;
    let before = 0;
    for (let c = 0; c < classes; c++) {
      const other = logits[i * classes + c]!;
      if (other > own || (other === own && c < labels[i]!)) before++;
    }
    if (before < k) right++;
  }
  return right / labels.length;
}
