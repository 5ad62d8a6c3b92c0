import { z } from 'zod';

const group = 'optimiser';

const rate = (value: number, title: string, description: string) =>
  z.number().min(0).max(100).default(value).meta({ group, title, description });

const decayShare = (title: string, what: string) =>
  z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({
      group,
      rare: true,
      title,
      description: `Weight decay of ${what}, as a multiple of the network’s; 0 for none.`,
    });

/** How weights move. */
export const optimiserSettings = {
  optimizer: z.enum(['adam', 'adamw', 'sgd', 'rmsprop']).default('adam').meta({
    group,
    title: 'Optimiser',
    description:
      'Adam, Adam with decoupled decay, gradient descent with momentum, or RMSprop; each counts as in PyTorch.',
  }),
  backboneRate: rate(3e-4, 'Backbone rate', 'Learning rate of the network.'),
  headRate: rate(1e-3, 'Head rate', 'Learning rate of the embedding layer.'),
  centersRate: rate(1e-2, 'Centres rate', 'Learning rate of the method’s own arrays: centres or proxies.'),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .default(1e-4)
    .meta({ group, title: 'Weight decay', description: 'Share of each weight added to its gradient.' }),
  headDecayShare: decayShare('Decay of the head', 'the embedding layer'),
  centersDecayShare: decayShare('Decay of the centres', 'the method’s own arrays'),
  decayVectors: z.boolean().default(true).meta({
    group,
    rare: true,
    title: 'Decay biases and norms',
    description: 'Whether weight decay counts for the biases and batch norms of network and head too.',
  }),
  momentum: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({
      group,
      onlyWhen: { field: 'optimizer', is: ['sgd', 'rmsprop'] },
      title: 'Momentum',
      description: 'Share of its velocity that SGD or RMSprop keeps.',
    }),
  nesterov: z
    .boolean()
    .default(false)
    .meta({
      group,
      onlyWhen: { field: 'optimizer', is: ['sgd'] },
      title: 'Nesterov',
      description: 'SGD looks ahead along its velocity.',
    }),
  adamEpsilon: z
    .number()
    .gt(0)
    .max(1)
    .default(1e-8)
    .meta({
      group,
      onlyWhen: { field: 'optimizer', is: ['adam', 'adamw', 'rmsprop'] },
      title: 'Adam ε',
      description:
        'Added after the bias correction; RMSprop has it too. The published SoftTriple runs use 0.01.',
    }),
  adamBeta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({
      group,
      rare: true,
      onlyWhen: { field: 'optimizer', is: ['adam', 'adamw'] },
      title: 'Adam β₁',
      description: 'Memory of the first moment.',
    }),
  adamBeta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .meta({
      group,
      rare: true,
      onlyWhen: { field: 'optimizer', is: ['adam', 'adamw'] },
      title: 'Adam β₂',
      description: 'Memory of the second moment.',
    }),
  amsgrad: z
    .boolean()
    .default(false)
    .meta({
      group,
      rare: true,
      onlyWhen: { field: 'optimizer', is: ['adam', 'adamw'] },
      title: 'AMSGrad',
      description: 'Adam divides by the largest second moment so far.',
    }),
  rmspropDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .meta({
      group,
      onlyWhen: { field: 'optimizer', is: ['rmsprop'] },
      title: 'RMSprop α',
      description: 'Memory of the mean square.',
    }),
  clipNorm: z.number().min(0).max(1e6).default(0).meta({
    group,
    title: 'Longest gradient',
    description: 'Norm of all gradients together that they are shortened to; 0 for no limit.',
    zero: 'no limit',
  }),
  emaDecay: z.number().min(0).lt(1).default(0).meta({
    group,
    rare: true,
    title: 'Weight averaging',
    description:
      'Share of the running average that an update keeps, such as 0.999. Averages are validated and exported; 0 for off.',
    zero: 'off',
  }),
};
