import { expect, test } from 'vitest';
import { TemporaryLibrary } from './testing/temporary-library.ts';

test('files that changed since are embedded and scored anew, under another protocol', async () => {
  await using library = new TemporaryLibrary();
  library.fill(4, 6);
  await library.import();
  const { splits, evaluations } = library.services;
  const split = await splits.create({
    dataset: 'Birds',
    kind: 'class-disjoint',
    testShare: 0.5,
    validationShare: 0,
    seed: 1,
    dropLeaks: false,
    name: 'half',
  });
  const wish = {
    kind: 'zero-shot',
    backbone: 'mobilenet-v2-0.35',
    size: 64,
    dataset: 'Birds',
    split: 'half',
    part: 'test',
    backend: 'auto',
  } as const;
  const evaluate = async () => {
    const job = await library.ended(evaluations.start(wish).jobId);
    expect(job.error).toBeNull();
    return evaluations.get((job.result as { id: string }).id);
  };
  const before = await evaluate();
  expect(before.protocol.splitHash).toBe(split.hash);
  expect((await evaluate()).id).toBe(before.id);

  for (let c = 0; c < 4; c++) library.write({ [`class ${c}/0.txt`]: `repainted ${c}` });
  await library.import();
  const after = await evaluate();
  expect(after.embeddingId).not.toBe(before.embeddingId);
  expect(after.id).not.toBe(before.id);
  expect(after.protocol.splitHash).not.toBe(split.hash);
  expect(after.protocol.hash).not.toBe(before.protocol.hash);
  expect((await evaluate()).id).toBe(after.id);

  library.fill(4, 6);
  await library.import();
  expect((await evaluate()).id).toBe(before.id);
});
