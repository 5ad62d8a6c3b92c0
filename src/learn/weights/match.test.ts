import { describe, expect, it } from 'vitest';
import { readFixture } from '../../../test/parity/learn-fixture.ts';
import { backbones, findBackbone } from '../backbones/catalog.ts';
import { kerasResNet50 } from '../backbones/resnet-keras.ts';
import { weightShapes } from '../models/weights.ts';
import { convertedWeights } from './convert.ts';
import { fitsOf } from './detect.ts';
import { type SourceArray, isComplete, matchWeights } from './match.ts';

type Listed = [name: string, shape: number[], kind: string];

/** Names and shapes as the reference program has them. */
const listed = (topic: string): SourceArray[] =>
  (readFixture(`backbones/${topic}`).about['parameters'] as Listed[]).map(([name, shape]) => ({
    name,
    shape,
  }));

const resNet18 = () => findBackbone('resnet18')!.create();
const renamed = (arrays: readonly SourceArray[], rename: (name: string) => string): SourceArray[] =>
  arrays.map(({ name, shape }) => ({ name: rename(name), shape }));

describe('a file of weights', () => {
  it.each([
    ['bn_inception', 'bn_inception'],
    ['densenet161', 'densenet161'],
    ['densenet169', 'densenet169'],
    ['efficientnet_lite0', 'efficientnet_lite0'],
    ['inception_v3', 'inception_v3'],
    ['inception_v4', 'inception_v4'],
    ['mobilenet_v1_025_keras', 'mobilenet-v1-0.25'],
    ['mobilenet_v1_keras', 'mobilenet-v1-1.0'],
    ['mobilenet_v1_timm', 'mobilenetv1_100'],
    ['mobilenet_v2_035_keras', 'mobilenet-v2-0.35'],
    ['mobilenet_v2_035_timm', 'mobilenetv2_035'],
    ['resnet18', 'resnet18'],
    ['resnet50', 'resnet50'],
  ])('of %s is known to be for %s, whole and with nothing over', (topic, backbone) => {
    const [best] = fitsOf(backbones, listed(topic), 'weights.pth');
    expect(best).toMatchObject({ backbone, complete: true, share: 1 });
    expect(best!.match.unexpected).toEqual([]);
  });

  it('of timm whose name says tf_ is for the network with TensorFlow’s padding', () => {
    const fits = fitsOf(backbones, listed('efficientnet_lite0'), 'tf_efficientnet_lite0-0aa007d2.pth');
    expect(fits.filter(({ complete }) => complete).map(({ backbone }) => backbone)).toEqual([
      'tf_efficientnet_lite0',
      'efficientnet_lite0',
    ]);
  });

  it('leaves classifiers out on purpose and says which', () => {
    const match = matchWeights(resNet18(), [
      ...listed('resnet18'),
      { name: 'bn1.num_batches_tracked', shape: [] },
      { name: 'extra.weight', shape: [3] },
    ]);
    expect(match.leftOut).toEqual(['fc.weight', 'fc.bias', 'bn1.num_batches_tracked']);
    expect(match.unexpected).toEqual(['extra.weight']);
  });

  it.each(['module.', 'model.', 'backbone.', 'state_dict.module.encoder.', 'net/'])(
    'may begin every name with %s',
    (prefix) => {
      const match = matchWeights(
        resNet18(),
        renamed(listed('resnet18'), (name) => prefix + name),
      );
      expect(isComplete(match)).toBe(true);
      expect(match.prefix).toBe(prefix);
      expect(match.leftOut).toEqual([`${prefix}fc.weight`, `${prefix}fc.bias`]);
    },
  );

  it('tells what is missing and what has another shape', () => {
    const arrays = listed('resnet18')
      .filter(({ name }) => name !== 'layer1.0.bn1.weight' && name !== 'layer1.0.bn1.bias')
      .map((array) => (array.name === 'conv1.weight' ? { ...array, shape: [64, 1, 7, 7] } : array));
    const match = matchWeights(resNet18(), arrays);
    expect(match.missing).toEqual(['layer1.0.bn1.weight', 'layer1.0.bn1.bias']);
    expect(match.different).toEqual([
      { name: 'conv1.weight', source: 'conv1.weight', wanted: [7, 7, 3, 64], found: [64, 1, 7, 7] },
    ]);
    expect(isComplete(match)).toBe(false);
  });

  it.each([
    [
      'torchvision before 0.2',
      'densenet169',
      'densenet169',
      (name: string) => name.replace(/(denselayer\d+\.(?:norm|conv))([12]\.)/, '$1.$2'),
    ],
    [
      'a container without its name',
      'inception_v4',
      'inception_v4',
      (name: string) => name.replace('features.', ''),
    ],
  ])('may be spelled as %s spells it', (_, topic, backbone, rename) => {
    const match = matchWeights(findBackbone(backbone)!.create(), renamed(listed(topic), rename));
    expect(isComplete(match)).toBe(true);
  });

  it('of efficientnet_pytorch counts blocks through', () => {
    const network = findBackbone('tf_efficientnet_lite0')!.create();
    const names = [
      '_blocks.0._depthwise_conv.weight',
      '_blocks.1._expand_conv.weight',
      '_blocks.1._bn2.weight',
    ];
    const match = matchWeights(network, [
      { name: '_conv_stem.weight', shape: [32, 3, 3, 3] },
      { name: names[0]!, shape: [32, 1, 3, 3] },
      { name: names[1]!, shape: [96, 16, 1, 1] },
      { name: names[2]!, shape: [24] },
    ]);
    expect(match.matched.map(({ name, source, layout }) => [name, source, layout])).toEqual([
      ['conv_stem.weight', '_conv_stem.weight', 'torch-conv'],
      ['blocks.0.0.conv_dw.weight', names[0], 'torch-depthwise'],
      ['blocks.1.0.conv_pw.weight', names[1], 'torch-conv'],
      ['blocks.1.0.bn3.weight', names[2], 'ours'],
    ]);
  });

  it('of Caffe has vectors as rows', () => {
    const arrays = listed('bn_inception').map(({ name, shape }) => ({
      name,
      shape: shape.length === 1 ? [1, ...shape] : shape,
    }));
    expect(isComplete(matchWeights(findBackbone('bn_inception')!.create(), arrays))).toBe(true);
  });

  it('of Keras’s ResNet-50 fits neither torchvision’s nor the other version of Keras', () => {
    const arrays = weightShapes(kerasResNet50('letters')).map(({ name, shape }) => ({
      name: `${name}:0`,
      shape,
    }));
    const complete = fitsOf(backbones, arrays, 'resnet50.h5').filter((fit) => fit.complete);
    expect(complete.map(({ backbone }) => backbone)).toEqual(['resnet50-caffe']);
  });
});

describe('converting', () => {
  const network = resNet18();
  const counted = (source: string): Float32Array<ArrayBuffer> => {
    const size = byName.get(source)!.shape.reduce((a, b) => a * b, 1);
    return Float32Array.from({ length: size }, (_, i) => i);
  };
  let byName = new Map<string, SourceArray>();
  const convert = async (arrays: readonly SourceArray[]) => {
    byName = new Map(arrays.map((array) => [array.name, array]));
    const match = matchWeights(network, arrays);
    const made = new Map<string, Float32Array>();
    for await (const { name, data } of convertedWeights(match, (source) => Promise.resolve(counted(source))))
      made.set(name, data);
    return { match, made };
  };

  it('puts torch’s filters [out, in, kh, kw] as [kh, kw, in, out]', async () => {
    const { made } = await convert(listed('resnet18'));
    const filter = made.get('conv1.weight')!;
    const at = (y: number, x: number, i: number, o: number): number =>
      filter[((y * 7 + x) * 3 + i) * 64 + o]!;
    expect(at(2, 3, 1, 5)).toBe(((5 * 3 + 1) * 7 + 2) * 7 + 3);
    expect([...made.keys()].sort()).toEqual(
      weightShapes(network)
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('moves a bias that the network has no place for into the running mean', async () => {
    const { match, made } = await convert([...listed('resnet18'), { name: 'conv1.bias', shape: [64] }]);
    expect(match.matched.find(({ name }) => name === 'bn1.running_mean')!.minus).toBe('conv1.bias');
    expect([...made.get('bn1.running_mean')!].every((value) => value === 0)).toBe(true);
    expect(match.unexpected).toEqual([]);
  });

  it('keeps norms that were folded into convolutions as norms that change nothing', async () => {
    const filters = listed('resnet18').filter(({ shape }) => shape.length === 4);
    const folded = filters.flatMap(({ name, shape }) => [
      { name, shape },
      { name: name.replace('.weight', '.bias'), shape: [shape[0]!] },
    ]);
    const { match, made } = await convert(folded);
    expect(isComplete(match)).toBe(true);
    expect(match).toMatchObject({ folded: 20, unexpected: [] });
    const first = (name: string): number => made.get(name)![1]!;
    expect([first('bn1.weight'), first('bn1.bias'), first('bn1.running_mean')]).toEqual([1, 1, 0]);
    // With the network's epsilon added the variance is 1.
    expect(first('bn1.running_var') + network.batchNormEpsilon).toBeCloseTo(1, 7);
  });

  it('fills scales of norms that have none, and biases under norms', () => {
    const inception = findBackbone('bn_inception')!.create();
    const arrays = listed('bn_inception').filter(
      ({ name }) => name !== 'conv1_7x7_s2.bias' && name !== 'conv1_7x7_s2_bn.weight',
    );
    const match = matchWeights(inception, arrays);
    expect(match.filled).toEqual([
      { name: 'conv1_7x7_s2.bias', shape: [64], value: 0 },
      { name: 'conv1_7x7_s2_bn.weight', shape: [64], value: 1 },
    ]);
    expect(isComplete(match)).toBe(true);
  });
});
