import { z } from 'zod';
import { HEAD_NORMS, POOLINGS } from '../models/head-kinds.ts';

const rate = (value: number, title: string, description: string) =>
  z.number().min(0).max(100).default(value).meta({ title, description });

const decayShare = (title: string, what: string) =>
  z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({ title, description: `Weight decay of ${what}, as a multiple of the network’s; 0 for none.` });

/** Settings of a run that do not depend on the method, in the order of the form. */
export const RunSettings = z.strictObject({
  backbone: z
    .string()
    .max(60)
    .default('mobilenet-v2-0.35')
    .meta({ title: 'Backbone', description: 'The network that the run starts from.' }),
  weights: z.string().trim().min(1).max(120).default('pretrained').meta({
    title: 'Weights',
    description:
      '“pretrained” for those that come with Plumage or else the newest imported, “random” to train from nothing, or imported ones by name.',
  }),
  dim: z
    .int()
    .min(2)
    .max(1024)
    .default(128)
    .meta({ title: 'Dimensions', description: 'Numbers in one embedding.' }),
  size: z.int().min(32).max(512).default(128).meta({
    title: 'Image size',
    description:
      'Side in pixels: a multiple of 32, or at least 75 for Inception-v3 and v4. Larger sees more and takes longer.',
  }),
  evaluationResize: z.int().min(0).max(1024).default(0).meta({
    title: 'Resize before the centre crop',
    description:
      'Shorter side in pixels before the centre is cut out for validation and embedding; 0 for the image size.',
    zero: 'image size',
  }),
  epochs: z
    .int()
    .min(1)
    .max(10_000)
    .default(6)
    .meta({ title: 'Epochs', description: 'How often every training image is seen.' }),
  steps: z.int().min(0).max(100_000_000).default(0).meta({
    title: 'Steps at most',
    description: 'Ends the run after so many batches; 0 for all epochs.',
    zero: 'no limit',
  }),
  batch: z.int().min(2).max(1024).default(32).meta({ title: 'Batch', description: 'Images in one step.' }),
  sampler: z
    .enum(['shuffled', 'per-class', 'class-balanced', 'hierarchical', 'neighborhood'])
    .default('shuffled')
    .meta({
      title: 'Batches from',
      description:
        'All images shuffled, some classes with a few images each, every class equally often, groups of similar classes, or some classes and their nearest.',
    }),
  imagesPerClass: z.int().min(2).max(64).default(4).meta({
    title: 'Images per class',
    description:
      'How many images of each of its classes a batch has; not read where batches are shuffled or class-balanced.',
  }),
  seed: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(1)
    .meta({ title: 'Seed', description: 'The same seed on the same backend gives the same run.' }),
  backboneRate: rate(3e-4, 'Backbone rate', 'Learning rate of the network.'),
  headRate: rate(1e-3, 'Head rate', 'Learning rate of the embedding layer.'),
  centersRate: rate(1e-2, 'Centres rate', 'Learning rate of the method’s own arrays: centres or proxies.'),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .default(1e-4)
    .meta({ title: 'Weight decay', description: 'Share of each weight added to its gradient.' }),
  headDecayShare: decayShare('Decay of the head', 'the embedding layer'),
  centersDecayShare: decayShare('Decay of the centres', 'the method’s own arrays'),
  decayVectors: z.boolean().default(true).meta({
    title: 'Decay biases and norms',
    description: 'Whether weight decay counts for the biases and batch norms of network and head too.',
  }),
  freezeBackboneSteps: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'Freeze the backbone for … steps',
    description: 'So long only head and centres learn; 0 for never. A rate of 0 freezes for good.',
    zero: 'never',
  }),
  optimizer: z.enum(['adam', 'adamw', 'sgd', 'rmsprop']).default('adam').meta({
    title: 'Optimiser',
    description:
      'Adam, Adam with decoupled decay, gradient descent with momentum, or RMSprop; each counts as in PyTorch.',
  }),
  momentum: z.number().min(0).lt(1).default(0.9).meta({
    title: 'Momentum',
    description: 'Share of its velocity that SGD or RMSprop keeps.',
  }),
  nesterov: z
    .boolean()
    .default(false)
    .meta({ title: 'Nesterov', description: 'SGD looks ahead along its velocity.' }),
  rmspropDecay: z
    .number()
    .min(0)
    .lt(1)
    .default(0.99)
    .meta({ title: 'RMSprop α', description: 'Memory of the mean square.' }),
  adamBeta1: z
    .number()
    .min(0)
    .lt(1)
    .default(0.9)
    .meta({ title: 'Adam β₁', description: 'Memory of the first moment.' }),
  adamBeta2: z
    .number()
    .min(0)
    .lt(1)
    .default(0.999)
    .meta({ title: 'Adam β₂', description: 'Memory of the second moment.' }),
  adamEpsilon: z.number().gt(0).max(1).default(1e-8).meta({
    title: 'Adam ε',
    description:
      'Added after the bias correction; RMSprop has it too. The published SoftTriple runs use 0.01.',
  }),
  amsgrad: z
    .boolean()
    .default(false)
    .meta({ title: 'AMSGrad', description: 'Adam divides by the largest second moment so far.' }),
  clipNorm: z.number().min(0).max(1e6).default(0).meta({
    title: 'Longest gradient',
    description: 'Norm of all gradients together that they are shortened to; 0 for no limit.',
    zero: 'no limit',
  }),
  accumulate: z.int().min(1).max(1024).default(1).meta({
    title: 'Batches per update',
    description: 'The mean gradient of so many batches moves the weights once.',
  }),
  emaDecay: z.number().min(0).lt(1).default(0).meta({
    title: 'Weight averaging',
    description:
      'Share of the running average that an update keeps, such as 0.999. Averages are validated and exported; 0 for off.',
    zero: 'off',
  }),
  schedule: z
    .enum(['cosine', 'step', 'polynomial', 'exponential', 'plateau', 'constant'])
    .default('cosine')
    .meta({ title: 'Schedule', description: 'How the rates fall over the run.' }),
  warmupSteps: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(20)
    .meta({ title: 'Warm-up steps', description: 'Steps over which the rates rise to their full value.' }),
  milestones: z.array(z.int().min(0).max(10_000)).max(20).default([]).meta({
    title: 'Milestones',
    description: 'Epochs, counted from 0, at whose start the step schedule lowers the rates.',
  }),
  decayFactor: z.number().gt(0).max(1).default(0.1).meta({
    title: 'Decay factor',
    description: 'What the rates are multiplied by at a milestone, a plateau or, exponential, every epoch.',
  }),
  finalRateShare: z.number().min(0).max(1).default(0).meta({
    title: 'Final rate',
    description: 'Share of the rates that cosine and polynomial end at.',
  }),
  schedulePower: z
    .number()
    .gt(0)
    .max(10)
    .default(1)
    .meta({ title: 'Power', description: 'Of the polynomial schedule; 1 is a straight line.' }),
  plateauPatience: z.int().min(0).max(1000).default(2).meta({
    title: 'Plateau patience',
    description:
      'Validations without a better score that the plateau schedule waits before it lowers the rates.',
  }),
  freezeBatchNorm: z.boolean().default(true).meta({
    title: 'Freeze batch-norm statistics',
    description: 'Keep the statistics of the pretrained network. Better on small sets, and faster.',
  }),
  headInit: z.enum(['pca', 'random']).default('pca').meta({
    title: 'Head start',
    description: 'Start the embedding layer from the principal axes of the untrained features, or at random.',
  }),
  pooling: z.enum(POOLINGS).default('average').meta({
    title: 'Pooling',
    description:
      'How the last feature map becomes a vector: its average, its average and its largest values added, or flattened as it is.',
  }),
  headNorm: z.enum(HEAD_NORMS).default('none').meta({
    title: 'Head norm',
    description: 'Layer norm between the embedding layer and unit length, or none.',
  }),
  frozenStages: z.int().min(0).max(12).default(0).meta({
    title: 'Frozen stages',
    description: 'So many of the network’s first stages stay as they are; 0 to train all.',
    zero: 'train all',
  }),
  cropScaleMin: z.number().gt(0).max(1).default(0.5).meta({
    title: 'Smallest crop',
    description: 'Least share of an image’s area that a random crop keeps.',
  }),
  flip: z
    .boolean()
    .default(false)
    .meta({ title: 'Flip', description: 'Mirror images at random. Wrong where left and right matter.' }),
  validateEveryEpochs: z.int().min(0).max(10_000).default(1).meta({
    title: 'Validate every … epochs',
    description: 'Recall@1 on held-out training classes; 0 for never.',
    zero: 'never',
  }),
  checkpointEverySteps: z.int().min(0).max(1_000_000).default(200).meta({
    title: 'Checkpoint every … steps',
    description: 'Beside those at each epoch’s end; 0 for none.',
    zero: 'none',
  }),
  earlyStopPatience: z.int().min(0).max(10_000).default(0).meta({
    title: 'Early stop after … validations',
    description: 'Ends when so many validations brought nothing better; 0 for never.',
    zero: 'never',
  }),
  autoRemedy: z.boolean().default(false).meta({
    title: 'Mend itself',
    description:
      'Where the run collapses or diverges, go on from the last good checkpoint with what the log proposes; at most three times.',
  }),
  retraceEvery: z.int().min(0).max(1_000_000).default(0).meta({
    title: 'Check recording every … steps',
    description: 'Compares the recorded step with what it should do, which takes a slow step; 0 for never.',
    zero: 'never',
  }),
  threads: z.int().min(0).max(256).default(0).meta({
    title: 'Threads',
    description: 'Cores to use; 0 for all. Another number gives other rounding.',
    zero: 'all',
  }),
});
export type RunSettings = z.infer<typeof RunSettings>;

/** Everything that a run needs to know, as it is stored with the run and in its checkpoints. */
export type RunConfig = RunSettings & {
  /** Which method. */
  readonly methodId: string;
  /** The method's settings. */
  readonly method: Readonly<Record<string, unknown>>;
};
