import { count, when } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';
import { mustName, verbArguments } from './listing.ts';

export const datasetsCommand = command({
  name: 'datasets',
  summary: 'list, show, remove or restore datasets; files are never touched',
  arguments: verbArguments(['list', 'show', 'remove', 'restore'], 'dataset'),
  options: { removed: { type: 'flag', help: 'list removed ones too' } },
  examples: ['datasets', 'datasets show Birds', 'datasets remove Birds'],
  async run({ arguments: [verb = 'list', id], options }, session) {
    const client = await session.client();
    if (verb === 'list') {
      const rows = await client.datasets.list({ removed: options.removed });
      const cells = rows.map((d) => [
        d.name,
        count(d.images),
        count(d.classes),
        String(d.revision),
        when(d.createdAt),
        d.id,
      ]);
      const text =
        rows.length === 0
          ? 'No datasets yet. "plumage import PATH" takes one in.'
          : table(['name', 'images', 'classes', 'revision', 'since', 'id'], cells, [1, 2, 3]);
      return { json: { datasets: rows }, text };
    }
    const dataset = mustName('datasets', verb, id);
    if (verb === 'show') {
      const found = await client.datasets.get({ dataset });
      return { json: found, text: JSON.stringify(found, null, 2) };
    }
    await (verb === 'remove' ? client.datasets.remove({ dataset }) : client.datasets.restore({ dataset }));
    const text =
      verb === 'remove'
        ? `Removed ${dataset}; "plumage datasets restore" brings it back.`
        : `Restored ${dataset}.`;
    return { json: { [verb === 'remove' ? 'removed' : 'restored']: dataset }, text };
  },
});
