import { BACKENDS, PARTS } from '../syntax/choices.ts';
import type { OptionDefinitions } from '../syntax/definition.ts';

/** What to embed: a run's checkpoint, or a backbone as it came on a split. */
export const EVALUATE_OPTIONS = {
  run: { type: 'text', help: 'the run, by name or id' },
  checkpoint: { type: 'text', choices: ['best', 'last'], default: 'best', help: 'which of its checkpoints' },
  'zero-shot': { type: 'flag', help: 'the backbone without training' },
  backbone: { type: 'text', default: 'mobilenet-v2-0.35', help: 'which network, for zero-shot' },
  size: {
    type: 'integer',
    min: 32,
    max: 1024,
    default: 128,
    value: 'PIXELS',
    help: 'side of the square input, for zero-shot',
  },
  dataset: { type: 'text', help: 'the dataset, for zero-shot' },
  split: { type: 'text', help: 'the split, for zero-shot' },
  part: { type: 'text', choices: PARTS, default: 'test', help: 'which part' },
  backend: { type: 'text', choices: BACKENDS, default: 'auto', help: 'what computes' },
} as const satisfies OptionDefinitions;
