import type { SettingProblem } from './issue-sentence.ts';
import type { RunSettings } from './run-settings.ts';

type Settings = Pick<RunSettings, 'sampler' | 'imagesPerClass' | 'batch'>;
interface Facts {
  /** Of the training part. */
  readonly classes: number;
  readonly minImagesPerClass: number;
}

const WITHOUT_GROUPS: readonly Settings['sampler'][] = ['shuffled', 'class-balanced', 'mined'];
const hasGroups = ({ sampler }: Settings): boolean => !WITHOUT_GROUPS.includes(sampler);

/** What does not fit between the sampler, the batch and the training part. */
export function checkSampler(settings: Settings, facts: Facts): SettingProblem[] {
  if (settings.sampler === 'mined' && settings.batch < 3) {
    const message = `batch must be at least 3 with sampler mined, which makes it of triplets, not ${String(settings.batch)}.`;
    return [{ field: 'batch', message }];
  }
  if (!hasGroups(settings)) return [];
  const { batch, imagesPerClass, sampler } = settings;
  const least = 2 * imagesPerClass;
  if (batch < least) {
    const message = `batch must be at least ${String(least)} with ${String(imagesPerClass)} images per class, so that two classes are compared, not ${String(batch)}.`;
    return [{ field: 'batch', message }];
  }
  if (batch % imagesPerClass !== 0) {
    const below = batch - (batch % imagesPerClass);
    const message = `batch must be a multiple of imagesPerClass (${String(imagesPerClass)}) with sampler ${sampler}, not ${String(batch)}: ${String(below)} or ${String(below + imagesPerClass)} fit.`;
    return [{ field: 'batch', message }];
  }
  if (facts.classes >= 2 && batch > facts.classes * imagesPerClass) {
    const message = `A batch of ${String(batch)} with ${String(imagesPerClass)} images per class is made of ${String(batch / imagesPerClass)} classes and the training part has ${String(facts.classes)}: lower batch to ${String(facts.classes * imagesPerClass)} or raise imagesPerClass.`;
    return [{ field: 'batch', message }];
  }
  return [];
}

/** What works and is worth knowing. */
export function samplerWarnings(settings: Settings, facts: Facts): string[] {
  const { imagesPerClass, batch } = settings;
  if (settings.sampler === 'mined' && batch % 3 !== 0)
    return [
      `A batch of ${String(batch)} holds ${String(Math.floor(batch / 3))} whole triplets: ${String(batch - (batch % 3))} images.`,
    ];
  const { minImagesPerClass: smallest } = facts;
  if (!hasGroups(settings) || smallest < 1 || smallest >= imagesPerClass) return [];
  const images = `${String(smallest)} ${smallest === 1 ? 'image' : 'images'}`;
  return [
    `The smallest class has ${images} and a batch takes ${String(imagesPerClass)} of each class: small classes repeat their images, each time with another crop.`,
  ];
}
