import { z } from 'zod';

const group = 'run';

/** How a run keeps itself. */
export const runSettings = {
  seed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(1)
    .meta({ group, title: 'Seed', description: 'The same seed on the same backend gives the same run.' }),
  validateEveryEpochs: z.int().min(0).max(10_000).default(1).meta({
    group,
    title: 'Validate every … epochs',
    description: 'Recall@1 on held-out training classes; 0 for never.',
    zero: 'never',
  }),
  earlyStopPatience: z.int().min(0).max(10_000).default(0).meta({
    group,
    title: 'Early stop after … validations',
    description: 'Ends when so many validations brought nothing better; 0 for never.',
    zero: 'never',
  }),
  autoRemedy: z.boolean().default(false).meta({
    group,
    title: 'Mend itself',
    description:
      'Where the run collapses or diverges, go on from the last good checkpoint with what the log proposes; at most three times.',
  }),
  checkpointEverySteps: z.int().min(0).max(1_000_000).default(200).meta({
    group,
    rare: true,
    title: 'Checkpoint every … steps',
    description: 'Beside those at each epoch’s end; 0 for none.',
    zero: 'none',
  }),
  retraceEvery: z.int().min(0).max(1_000_000).default(0).meta({
    group,
    rare: true,
    title: 'Check recording every … steps',
    description: 'Compares the recorded step with what it should do, which takes a slow step; 0 for never.',
    zero: 'never',
  }),
  threads: z.int().min(0).max(256).default(0).meta({
    group,
    rare: true,
    title: 'Threads',
    description: 'Cores to use; 0 for all. Another number gives other rounding.',
    zero: 'all',
  }),
};
