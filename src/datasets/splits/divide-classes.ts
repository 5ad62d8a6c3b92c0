import { UserError } from '#shared/rpc/errors.ts';
import { SeededRandom } from './random.ts';
import {
  type Assignment,
  byText,
  type DividedPart,
  type SplitImage,
  type SplitInput,
} from './split-input.ts';

type Shares = Pick<SplitInput, 'testShare' | 'validationShare' | 'seed'>;

/**
 * Open set: every class lies in one part. Classes are put in the order of their names, shuffled by the seed, and counted
 * off: test, validation, the rest to train.
 * @throws UserError bad-input where a part would be left with too little
 */
export function divideClasses(
  images: readonly SplitImage[],
  { testShare, validationShare, seed }: Shares,
): Assignment {
  const names = [...new Set(images.map((image) => image.className))].sort(byText);
  if (names.length < 2) {
    throw new UserError(
      'bad-input',
      `A split by class needs at least two classes with images; this dataset has ${String(names.length)}. ` +
        'Import more classes, bring excluded images back, or split by image.',
    );
  }
  const test = Math.round(names.length * testShare);
  const validation = validationClasses(names.length - test, validationShare);
  const train = names.length - test - validation;
  if (train < 1 || (testShare > 0 && test < 1)) {
    throw new UserError(
      'bad-input',
      `With these shares, ${String(names.length)} classes give ${String(train)} to train, ${String(validation)} to ` +
        `validate and ${String(test)} to test. Change the shares so that train and test have classes.`,
    );
  }
  const parts = new Map<string, DividedPart>();
  new SeededRandom(seed).shuffle(names).forEach((name, i) => {
    parts.set(name, i < test ? 'test' : i < test + validation ? 'validation' : 'train');
  });
  return new Map(images.map((image) => [image, parts.get(image.className) as DividedPart]));
}

/**
 * At least two: among images of one class every neighbour is a hit, and no checkpoint better than another. Where two
 * classes would not be left to train on, none.
 */
function validationClasses(classes: number, share: number): number {
  const wanted = Math.round(classes * share);
  if (wanted !== 1) return wanted;
  return classes >= 4 ? 2 : 0;
}
