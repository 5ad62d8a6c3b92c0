import { expect, test } from 'vitest';
import { insertSynthetic } from '#catalog/synthetic.ts';
import { temporaryCatalog } from '#catalog/temporary-catalog.ts';
import { Reader } from './reader.ts';

test('the thread is not idle while a question waits', async () => {
  using library = temporaryCatalog();
  const birds = { name: 'Birds', rootPath: '/birds', images: 20_000, classes: 10 };
  const { key } = insertSynthetic(library.catalog, birds);
  const reader = new Reader(library.catalog.libraryPath, 0);
  const ask = (search: string) =>
    reader.ask('query', { dataset: key, filter: { search }, sort: 'class', descending: false });
  const slow = 'a b c d e f g h';
  const answers = await Promise.all([ask('class'), ...Array.from({ length: 10 }, () => ask(slow))]);
  expect(answers[0]).toHaveLength(20_000);
  expect(answers).toHaveLength(11);
  await reader.close();
});
