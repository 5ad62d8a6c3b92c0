import { expect, it } from 'vitest';
import type { BackboneFit } from '#shared/domain/weights.ts';
import { describeInspection } from './describe.ts';

const fit: BackboneFit = {
  backbone: 'resnet18',
  title: 'ResNet-18',
  complete: false,
  wanted: 100,
  matched: 97,
  filled: 1,
  moved: 1,
  folded: 0,
  missing: 1,
  missingNames: ['bn1.weight'],
  different: 1,
  differences: [
    { name: 'conv1.weight', source: 'conv1.weight', wanted: [7, 7, 3, 64], found: [64, 1, 7, 7] },
  ],
  leftOut: 23,
  leftOutNames: ['fc.weight', 'fc.bias'],
  unexpected: 5,
  unexpectedNames: ['a', 'b', 'c', 'd', 'e'],
  prefix: 'module.',
  dialect: null,
};

it('says what a file holds and what matched how, a line each', () => {
  const text = describeInspection({
    path: '/x.pth',
    format: 'pytorch',
    arrays: 1,
    parameters: 9408,
    listed: [{ name: 'conv1.weight', shape: [64, 1, 7, 7], type: 'float16' }],
    notes: ['The arrays lie under "model".'],
    fits: [fit, { ...fit, backbone: 'resnet34', title: 'ResNet-34', complete: true }],
  });
  expect(text.split('\n')).toEqual([
    'PyTorch, 1 array, 9,408 numbers',
    'array         shape          type',
    '------------------------------------',
    'conv1.weight  [64, 1, 7, 7]  float16',
    '',
    'The arrays lie under "model".',
    '',
    'does not fit resnet18 (ResNet-18): 98 of 100 arrays',
    '  names begin with "module." in the file',
    '  1 bias moved into the batch norms after them',
    '  1 array filled with the one value that their absence means',
    '  1 missing: bn1.weight',
    '  1 of another shape: conv1.weight is [64, 1, 7, 7], not [7, 7, 3, 64]',
    '  23 left out: classifiers and counters (fc.weight, fc.bias)',
    '  5 of no use: a, b, c, d, …',
    'fits resnet34 (ResNet-34): 98 of 100 arrays',
  ]);
});

it('says that a file fits nothing', () => {
  const none = {
    path: '/x',
    format: 'onnx',
    arrays: 0,
    parameters: 0,
    listed: [],
    notes: [],
    fits: [],
  } as const;
  expect(describeInspection({ ...none, listed: [], notes: [], fits: [] })).toMatch(/Fits no backbone/);
});
