import type { ClassSummary } from '../../../shared/domain/dataset.ts';
import { formatCount, formatPlural } from '../../ui/format.ts';

/** The kinds that can be made of any dataset; official ones come with an importer. */
export type MadeKind = 'class-disjoint' | 'stratified';

export interface SplitForm {
  readonly kind: MadeKind;
  readonly testShare: number;
  readonly validationShare: number;
  readonly seed: number;
  readonly dropLeaks: boolean;
}

export interface PlannedPart {
  readonly classes: number;
  /** About: which classes fall into which part is drawn by the seed. */
  readonly images: number;
}

export interface SplitPlan {
  readonly train: PlannedPart;
  readonly validation: PlannedPart;
  readonly test: PlannedPart;
  /** What stands in the way, as a sentence; null when nothing does. */
  readonly problem: string | null;
}

/** What a form will make of these classes, before anything is made. */
export function planOf(
  form: SplitForm,
  classes: readonly Pick<ClassSummary, 'images' | 'excluded'>[],
): SplitPlan {
  const sizes = classes.map((one) => one.images - one.excluded).filter((images) => images > 0);
  const images = sizes.reduce((sum, size) => sum + size, 0);
  return form.kind === 'class-disjoint' ? byClass(form, sizes.length, images) : byImage(form, sizes, images);
}

function byClass(form: SplitForm, classes: number, images: number): SplitPlan {
  const test = Math.round(classes * form.testShare);
  const validation = Math.round((classes - test) * form.validationShare);
  const train = classes - test - validation;
  const part = (count: number): PlannedPart => ({
    classes: count,
    images: classes === 0 ? 0 : Math.round((images * count) / classes),
  });
  const problem =
    classes < 2
      ? 'A split by class needs at least two classes with images. Import more classes, or bring excluded images back.'
      : train < 2 || (form.testShare > 0 && test < 1)
        ? `With these shares ${formatPlural(train, 'class', 'classes')} would be left to train on. Lower the shares.`
        : null;
  return { train: part(train), validation: part(validation), test: part(test), problem };
}

function byImage(form: SplitForm, sizes: readonly number[], images: number): SplitPlan {
  const test = sizes.reduce((sum, size) => sum + Math.round(size * form.testShare), 0);
  const validation = Math.round((images - test) * form.validationShare);
  const small = sizes.filter((size) => size < 2).length;
  return {
    train: { classes: sizes.length, images: images - test - validation },
    validation: { classes: validation === 0 ? 0 : sizes.length, images: validation },
    test: { classes: test === 0 ? 0 : sizes.length, images: test },
    problem:
      images === 0
        ? 'There is no image to split. Import images, or bring excluded ones back.'
        : small === sizes.length
          ? 'Every class has one image: a split of each class’s images has nothing to divide. Split by class instead.'
          : null,
  };
}

/** The live sentence under the form. */
export function planSentence(form: SplitForm, plan: SplitPlan): string {
  const { train, validation, test } = plan;
  const about = (part: PlannedPart): string => `about ${formatPlural(part.images, 'image')}`;
  const leaks = form.dropLeaks ? ' Training images that have a copy in the test part are left out.' : '';
  if (form.kind === 'class-disjoint') {
    const held =
      validation.classes > 0 ? `, validates on ${formatCount(validation.classes)} of the training side` : '';
    return (
      `Trains on ${formatPlural(train.classes, 'class', 'classes')} (${about(train)})${held}, and tests on ` +
      `${formatPlural(test.classes, 'class', 'classes')} (${about(test)}) that training never sees.${leaks}`
    );
  }
  return (
    `Every class is in every part: ${about(train)} to train, ${formatCount(validation.images)} to validate, ` +
    `${formatCount(test.images)} to test. Scores will be of classes that training has seen.${leaks}`
  );
}
