import { count, when } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';
import { mustName, verbArguments } from './listing.ts';
import { describeSplit } from './split.ts';

export const splitsCommand = command({
  name: 'splits',
  summary: 'list, show or remove splits',
  arguments: verbArguments(['list', 'show', 'remove'], 'split'),
  options: { dataset: { type: 'text', help: 'of this dataset only' } },
  examples: ['splits --dataset Birds', 'splits show half'],
  async run({ arguments: [verb = 'list', id], options }, session) {
    const client = await session.client();
    if (verb === 'list') {
      const rows = await client.splits.list({ dataset: options.dataset });
      const cells = rows.map((s) => [
        s.name,
        s.kind,
        count(s.train.images),
        count(s.validation.images),
        count(s.test.images),
        s.stale ? 'stale' : '',
        when(s.createdAt),
        s.id,
      ]);
      const head = ['name', 'kind', 'train', 'validation', 'test', '', 'since', 'id'];
      const text =
        rows.length === 0
          ? 'No splits yet. "plumage split DATASET" makes one.'
          : table(head, cells, [2, 3, 4]);
      return { json: { splits: rows }, text };
    }
    const split = mustName('splits', verb, id);
    if (verb === 'show') {
      const found = await client.splits.get({ split, dataset: options.dataset });
      return { json: found, text: describeSplit(found) };
    }
    await client.splits.remove({ split });
    return { json: { removed: split }, text: `Removed ${split}.` };
  },
});
