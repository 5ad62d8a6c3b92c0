import * as tf from '@tensorflow/tfjs-core';
import { bnInception } from '#learn/backbones/bn-inception.ts';
import { denseNet } from '#learn/backbones/densenet.ts';
import { googLeNet } from '#learn/backbones/googlenet.ts';
import { inceptionV3 } from '#learn/backbones/inception-v3.ts';
import { inceptionV4 } from '#learn/backbones/inception-v4.ts';
import { mobileNetV1 } from '#learn/backbones/mobilenet-v1.ts';
import { mobileNetV2 } from '#learn/backbones/mobilenet-v2.ts';
import type { Network } from '#learn/backbones/network.ts';
import { resNet } from '#learn/backbones/resnet.ts';
import { efficientNetLite0, timmMobileNetV2 } from '#learn/backbones/timm-efficientnet.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import { type WeightArray, type WeightShape, weightShapes } from '#learn/models/weights.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type ParityCase, check, exact, tensorOf } from '../case.ts';
import { hashedValues } from './tables.ts';

/** Networks by the name of their file. */
const NETWORKS: Readonly<Record<string, () => Network>> = {
  bn_inception: bnInception,
  googlenet: googLeNet,
  resnet18: () => resNet(18),
  resnet34: () => resNet(34),
  resnet50: () => resNet(50),
  resnet101: () => resNet(101),
  inception_v3: inceptionV3,
  inception_v4: inceptionV4,
  densenet121: () => denseNet(121),
  densenet161: () => denseNet(161),
  densenet169: () => denseNet(169),
  mobilenet_v1_025_keras: () => mobileNetV1(0.25, 'keras'),
  mobilenet_v1_keras: () => mobileNetV1(1, 'keras'),
  mobilenet_v1_timm: () => mobileNetV1(1, 'timm'),
  mobilenet_v2_035_keras: () => mobileNetV2(0.35),
  mobilenet_v2_keras: () => mobileNetV2(1),
  mobilenet_v2_035_timm: () => timmMobileNetV2(0.35),
  mobilenet_v2_timm: () => timmMobileNetV2(1),
  efficientnet_lite0: () => efficientNetLite0(false),
  efficientnet_lite0_tf: () => efficientNetLite0(true),
};

/** One adapter a network: its topic is its file. */
export const BACKBONE_TOPICS = Object.keys(NETWORKS).map((name) => `backbones/${name}`);

/** WebAssembly adds in another order than TensorFlow. */
const WASM_SLACK = 5;

type Listed = readonly [name: string, shape: number[], kind: string, note?: string];

/** Names and shapes of the arrays, and the pooled features of a hashed image under hashed weights. */
export const compareBackbone: Adapter = async (example) => {
  const { kernels, id } = await openParityBackend();
  const create = NETWORKS[example.topic.split('/')[1] ?? ''];
  if (!create) return { skip: 'there is no network of this name' };
  // The files' images are not pixels.
  const network: Network = { ...create(), input: { order: 'rgb', scale: 1, offset: 0 } };
  const salt = (example.params['salt'] as string | undefined) ?? '';
  const listed = (example.about['parameters'] as readonly Listed[]).filter(
    ([name]) => !network.classifiers.some((prefix) => name.startsWith(prefix)),
  );
  const ours = weightShapes(network);
  const weights = new Map<string, WeightArray>(
    listed.map(([name, shape, kind]) => {
      const values = filled(salt + name, shape, kind);
      return [
        ourName(name),
        toOurs(
          values,
          shape,
          ours.find((array) => array.name === ourName(name)),
        ),
      ];
    }),
  );
  const same = listed.map(([name, shape], i) => {
    const our = ours[i];
    return our && our.name === ourName(name) && sourceShape(our).join() === shape.join() ? 1 : 0;
  });
  const embedder = createEmbedder(network, weights, kernels);
  const features = await tf.tidy(() => embedder.features(inputOf(example, salt))).data();
  embedder.dispose();
  const bound = example.tolerance['float32'] as { readonly relToMax?: number } | undefined;
  const want = tensorOf(example.expected['pooled']).data;
  const rel = (bound?.relToMax ?? 0) * (id === 'wasm' ? WASM_SLACK : 1);
  return [
    exact('arrays in order', [ours.length, ...same], [listed.length, ...listed.map(() => 1)]),
    bound?.relToMax === undefined
      ? check('pooled', features, want, example, ['float32'])
      : { what: 'pooled', got: features, want, abs: 0, rel },
  ];
};

/** The files call a depthwise filter of Keras "kernel"; the weight files say "depthwise_kernel". */
const ourName = (name: string): string =>
  name.replace(/(conv_dw_\d+|_depthwise)\/kernel$/, '$1/depthwise_kernel');

const sourceShape = ({ shape, layout }: WeightShape): readonly number[] => {
  const [height = 1, width = 1, into = 1, out = 1] = shape;
  if (layout === 'torch-conv') return [out, into, height, width];
  return layout === 'torch-depthwise' ? [into, 1, height, width] : shape;
};

function toOurs(data: Float32Array, shape: number[], array: WeightShape | undefined): WeightArray {
  if (array === undefined || !array.layout.startsWith('torch')) return { shape, data };
  const order = array.layout === 'torch-conv' ? [2, 3, 1, 0] : [2, 3, 0, 1];
  const turned = tf.tidy(() => tf.transpose(tf.tensor(data, shape), order));
  const values = turned.dataSync<'float32'>().slice();
  turned.dispose();
  return { shape: turned.shape, data: values };
}

function inputOf({ params }: ParityCase, salt: string): tf.Tensor4D {
  const shape = params['inputShape'] as [number, number, number, number];
  const name = salt + ((params['inputName'] as string | undefined) ?? 'input');
  const values = tf.tensor4d(filled(name, shape, 'input'), shape);
  return params['layout'] === 'NCHW' ? tf.transpose(values, [0, 2, 3, 1]) : values;
}

/** The files' rule: every array is a hash of its name and of the index. */
function filled(name: string, shape: readonly number[], kind: string): Float32Array {
  const values = hashedValues(
    name,
    shape.reduce((product, length) => product * length, 1),
  );
  const largest = kind === 'weight' ? Math.sqrt(6 / fanIn(name, shape)) : 0.1;
  const of: Record<string, (v: number) => number> = {
    bnWeight: (v) => 1 + 0.1 * v,
    bnVar: (v) => 0.8 + 0.4 * Math.abs(v),
    input: (v) => v,
  };
  const valueOf = of[kind] ?? ((v) => v * largest);
  const filled = new Float32Array(values.length);
  for (const [i, v] of values.entries()) filled[i] = valueOf(v);
  return filled;
}

function fanIn(name: string, shape: readonly number[]): number {
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  if (!name.endsWith('/kernel')) return b * c * d;
  return a * b * (d === 1 && a > 1 ? 1 : c);
}
