import { z } from 'zod';

const group = 'schedule';

/** How long, and how the rates change meanwhile. */
export const scheduleSettings = {
  epochs: z
    .int()
    .min(1)
    .max(10_000)
    .default(6)
    .meta({ group, title: 'Epochs', description: 'How often every training image is seen.' }),
  steps: z.int().min(0).max(100_000_000).default(0).meta({
    group,
    rare: true,
    title: 'Steps at most',
    description: 'Ends the run after so many batches; 0 for all epochs.',
    zero: 'no limit',
  }),
  schedule: z
    .enum(['cosine', 'step', 'polynomial', 'exponential', 'plateau', 'constant'])
    .default('cosine')
    .meta({ group, title: 'Schedule', description: 'How the rates fall over the run.' }),
  warmupSteps: z.int().min(0).max(1_000_000).default(20).meta({
    group,
    title: 'Warm-up steps',
    description: 'Steps over which the rates rise to their full value.',
  }),
  milestones: z
    .array(z.int().min(0).max(10_000))
    .max(20)
    .default([])
    .meta({
      group,
      onlyWhen: { field: 'schedule', is: ['step'] },
      title: 'Milestones',
      description: 'Epochs, counted from 0, at whose start the step schedule lowers the rates.',
    }),
  decayFactor: z
    .number()
    .gt(0)
    .max(1)
    .default(0.1)
    .meta({
      group,
      onlyWhen: { field: 'schedule', is: ['step', 'exponential', 'plateau'] },
      title: 'Decay factor',
      description: 'What the rates are multiplied by at a milestone, a plateau or, exponential, every epoch.',
    }),
  finalRateShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .meta({
      group,
      rare: true,
      onlyWhen: { field: 'schedule', is: ['cosine', 'polynomial'] },
      title: 'Final rate',
      description: 'Share of the rates that cosine and polynomial end at.',
    }),
  schedulePower: z
    .number()
    .gt(0)
    .max(10)
    .default(1)
    .meta({
      group,
      onlyWhen: { field: 'schedule', is: ['polynomial'] },
      title: 'Power',
      description: 'Of the polynomial schedule; 1 is a straight line.',
    }),
  plateauPatience: z
    .int()
    .min(0)
    .max(1000)
    .default(2)
    .meta({
      group,
      onlyWhen: { field: 'schedule', is: ['plateau'] },
      title: 'Plateau patience',
      description:
        'Validations without a better score that the plateau schedule waits before it lowers the rates.',
    }),
};
