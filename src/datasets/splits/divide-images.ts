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
 * Closed set: every class is in every part by its share, as exactly as whole images allow (within one image a class, and
 * the totals are right: what is lost by rounding down goes to the classes that lost most). A class keeps at least one
 * image to train on.
 * @throws UserError bad-input where no class has two images
 */
export function divideImages(
  images: readonly SplitImage[],
  { testShare, validationShare, seed }: Shares,
): Assignment {
  const random = new SeededRandom(seed);
  const classes = groupByClass(images).map((members) => random.shuffle(members));
  if (!classes.some((members) => members.length > 1)) {
    throw new UserError(
      'bad-input',
      'No class has two images, so there is nothing to divide within classes. Split by class instead.',
    );
  }
  const sizes = classes.map((members) => members.length);
  const test = apportion(sizes, testShare, random);
  const left = sizes.map((size, i) => size - (test[i] as number));
  const validation = apportion(left, validationShare, random);
  const parts = new Map<SplitImage, DividedPart>();
  classes.forEach((members, c) => {
    const testEnd = test[c] as number;
    const validationEnd = testEnd + (validation[c] as number);
    members.forEach((image, i) => {
      parts.set(image, i < testEnd ? 'test' : i < validationEnd ? 'validation' : 'train');
    });
  });
  return parts;
}

/** Classes in the order of their names, members in the order of their paths. */
function groupByClass(images: readonly SplitImage[]): SplitImage[][] {
  const classes = new Map<string, SplitImage[]>();
  for (const image of images) {
    const members = classes.get(image.className);
    if (members) members.push(image);
    else classes.set(image.className, [image]);
  }
  return [...classes]
    .sort(([a], [b]) => byText(a, b))
    .map(([, members]) => members.sort((a, b) => byText(a.path, b.path)));
}

/** How many of each class go to a part: floor of the share, then one more where the rest is largest, never the whole class. */
export function apportion(sizes: readonly number[], share: number, random: SeededRandom): number[] {
  const counts = sizes.map((size) => Math.min(Math.max(size - 1, 0), Math.floor(size * share + 1e-9)));
  const wanted = Math.round(sizes.reduce((sum, size) => sum + size * share, 0));
  let open = wanted - counts.reduce((sum, count) => sum + count, 0);
  const order = random.shuffle(sizes.map((_, c) => c));
  const rest = (c: number): number => (sizes[c] as number) * share - (counts[c] as number);
  const rests = sizes.map((_, c) => rest(c));
  order.sort((a, b) => (rests[b] as number) - (rests[a] as number));
  for (const c of order) {
    if (open <= 0) break;
    if ((rests[c] as number) <= 1e-9 || (counts[c] as number) + 1 >= (sizes[c] as number)) continue;
    counts[c] = (counts[c] as number) + 1;
    open--;
  }
  return counts;
}
