import { describeDemo } from '../demo/describe.ts';
import { runDemo } from '../demo/run-demo.ts';
import { command } from '../syntax/definition.ts';

export const demoCommand = command({
  name: 'demo',
  summary: 'the whole main job on a dataset of emoji, in a few minutes',
  details:
    'Draws the dataset, imports it, splits it by class, trains SoftTriple and shows what changed on classes it never saw.',
  arguments: [],
  options: {
    seed: { type: 'integer', min: 0, default: 0, help: 'of the training' },
    steps: { type: 'integer', min: 1, help: 'train for so many steps only: to see the way, not the result' },
    out: {
      type: 'text',
      value: 'FILE',
      help: "where to write the HTML report (default: in the library's demo folder)",
    },
  },
  examples: ['demo', 'demo --seed 1 --out report.html'],
  async run({ options }, session) {
    const outcome = await runDemo(session, options);
    return { json: outcome, text: describeDemo(outcome) };
  },
});
