import { count, score, when } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';
import { mustName, verbArguments } from './listing.ts';
import { describeSweep, followSweep } from './sweep.ts';

export const sweepsCommand = command({
  name: 'sweeps',
  summary: 'list, show, pause, resume or remove searches over settings',
  arguments: verbArguments(['list', 'show', 'pause', 'resume', 'remove'], 'search'),
  options: { dataset: { type: 'text', help: 'of this dataset only' } },
  examples: ['sweeps', 'sweeps show sweep_x7k2m9p4', 'sweeps resume sweep_x7k2m9p4'],
  async run({ arguments: [verb = 'list', id], options }, session) {
    const client = await session.client();
    if (verb === 'list') {
      const sweeps = await client.sweeps.list({ dataset: options.dataset });
      const rows = sweeps.map((sweep) => {
        const best = sweep.trials.find(({ runId }) => runId === sweep.best)?.validation ?? null;
        const done = sweep.trials.filter(({ status }) => status === 'done').length;
        return [
          sweep.name,
          sweep.datasetName,
          sweep.axes.join(', '),
          sweep.status,
          `${count(done)}/${count(sweep.trials.length)}`,
          best === null ? '' : score(best),
          when(sweep.createdAt),
          sweep.id,
        ];
      });
      const head = ['name', 'dataset', 'varies', 'status', 'done', 'best validation', 'since', 'id'];
      const none = 'No searches yet. "plumage sweep DATASET --vary FIELD=VALUES" starts one.';
      return { json: { sweeps }, text: rows.length === 0 ? none : table(head, rows, [4, 5]) };
    }
    const sweep = mustName('sweeps', verb, id);
    if (verb === 'show') {
      const found = await client.sweeps.get({ sweep });
      return { json: found, text: describeSweep(found) };
    }
    if (verb === 'resume') {
      await client.sweeps.resume({ sweep });
      const found = await followSweep(session, sweep);
      return { json: found, text: describeSweep(found) };
    }
    await (verb === 'pause' ? client.sweeps.pause({ sweep }) : client.sweeps.remove({ sweep }));
    return verb === 'pause'
      ? { json: { paused: sweep }, text: `Pausing ${sweep}: its trials wait.` }
      : { json: { removed: sweep }, text: `Removed ${sweep} with its runs.` };
  },
});
