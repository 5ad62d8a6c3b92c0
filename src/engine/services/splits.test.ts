import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TemporaryLibrary } from './testing/temporary-library.ts';

test('a split that goes takes the files of its embeddings and evaluations along, unless a job works on it', async () => {
  await using library = new TemporaryLibrary();
  library.fill(4, 6);
  await library.import();
  const { splits, evaluations, context } = library.services;
  for (const [name, seed] of [
    ['one', 1],
    ['two', 2],
  ] as const)
    await splits.create({
      dataset: 'Birds',
      kind: 'class-disjoint',
      testShare: 0.5,
      validationShare: 0,
      seed,
      dropLeaks: false,
      name,
    });
  const { root } = context.catalog.files;
  const files = (): string[] =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(root, path)).isFile())
      .sort();
  const wish = { kind: 'zero-shot', backbone: 'mobilenet-v2-0.35', size: 64, dataset: 'Birds' } as const;
  const evaluate = (split: string) =>
    evaluations.start({ ...wish, split, part: 'test', backend: 'auto' }).jobId;
  expect((await library.ended(evaluate('one'))).error).toBeNull();
  const ofOne = files();
  const job = evaluate('two');
  expect(() => splits.remove('two')).toThrow(/still works on the split "two"/);
  expect((await library.ended(job)).error).toBeNull();
  expect(files().length).toBeGreaterThan(ofOne.length);
  splits.remove('two');
  await expect.poll(files).toEqual(ofOne);
  splits.remove('one');
  await expect.poll(files).toEqual([]);
});
