import type { Run } from '#shared/domain/run.ts';
import { count, score, when } from '../output/numbers.ts';
import { table } from '../output/table.ts';
import { command } from '../syntax/definition.ts';
import { mustName, verbArguments } from './listing.ts';
import { describeRun, followRun } from './train.ts';

const row = (run: Run): string[] => [
  run.name,
  run.datasetName,
  run.method,
  run.status,
  `${count(run.step)}/${count(run.steps)}`,
  run.bestValidation === null ? '' : score(run.bestValidation),
  when(run.createdAt),
  run.id,
];

export const runsCommand = command({
  name: 'runs',
  summary: 'list, show, stop, resume or remove runs',
  arguments: verbArguments(['list', 'show', 'stop', 'resume', 'remove'], 'run'),
  options: { dataset: { type: 'text', help: 'of this dataset only' } },
  examples: ['runs', 'runs show run_x7k2m9p4', 'runs stop run_x7k2m9p4', 'runs resume run_x7k2m9p4'],
  async run({ arguments: [verb = 'list', id], options }, session) {
    const client = await session.client();
    if (verb === 'list') {
      const rows = await client.runs.list({ dataset: options.dataset });
      const head = ['name', 'dataset', 'method', 'status', 'steps', 'validation', 'since', 'id'];
      const text =
        rows.length === 0
          ? 'No runs yet. "plumage train DATASET" starts one.'
          : table(head, rows.map(row), [4, 5]);
      return { json: { runs: rows }, text };
    }
    const run = mustName('runs', verb, id);
    if (verb === 'show') {
      const found = await client.runs.get({ run });
      return { json: found, text: JSON.stringify(found, null, 2) };
    }
    if (verb === 'resume') {
      const { id: runId } = await client.runs.get({ run });
      const { jobId } = await client.runs.resume({ run: runId });
      const outcome = await followRun(session, runId, jobId);
      return { json: outcome, text: describeRun(outcome) };
    }
    await (verb === 'stop' ? client.runs.stop({ run }) : client.runs.remove({ run }));
    return verb === 'stop'
      ? { json: { stopped: run }, text: `Stopping ${run} at its next checkpoint.` }
      : { json: { removed: run }, text: `Removed ${run}.` };
  },
});
