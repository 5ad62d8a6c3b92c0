import { bnInception } from './bn-inception.ts';
import { denseNet } from './densenet.ts';
import { googLeNet } from './googlenet.ts';
import { inceptionV3 } from './inception-v3.ts';
import { inceptionV4 } from './inception-v4.ts';
import { mobileNetV1 } from './mobilenet-v1.ts';
import { mobileNetV2 } from './mobilenet-v2.ts';
import type { Network } from './network.ts';
import { kerasResNet50 } from './resnet-keras.ts';
import { resNet } from './resnet.ts';
import { efficientNetLite0, timmMobileNetV2 } from './timm-efficientnet.ts';

/** Sides of images that a network takes. */
export interface AllowedSizes {
  readonly min: number;
  readonly multipleOf: number;
}

export interface BackboneInfo {
  readonly id: string;
  readonly title: string;
  readonly featureDim: number;
  /** Side of the images that its published weights were trained on. */
  readonly size: number;
  readonly sizes: AllowedSizes;
  /** Of the weights that come with Plumage; null where a person brings them. */
  readonly licence: string | null;
  /** File in `resources/backbones`; null where the weights are imported. */
  readonly weightsFile: string | null;
  readonly create: () => Network;
}

/** Halves an even side five times. */
const BY_32: AllowedSizes = { min: 32, multipleOf: 32 };
/** Windows inside the image only: any side will do that leaves one place at the end. */
const FROM_75: AllowedSizes = { min: 75, multipleOf: 1 };

const imported = (
  id: string,
  title: string,
  featureDim: number,
  create: () => Network,
  { size = 224, sizes = BY_32 } = {},
): BackboneInfo => ({ id, title, featureDim, size, sizes, licence: null, weightsFile: null, create });

/** Networks to start from. */
export const backbones: readonly BackboneInfo[] = [
  {
    id: 'mobilenet-v2-0.35',
    title: 'MobileNetV2, width 0.35 (ImageNet)',
    featureDim: 1280,
    size: 224,
    sizes: BY_32,
    licence: 'Apache-2.0',
    weightsFile: 'mobilenetv2_0.35_224_imagenet_notop.safetensors',
    create: () => mobileNetV2(0.35),
  },
  imported('bn_inception', 'BN-Inception', 1024, bnInception),
  imported('googlenet', 'GoogLeNet (torchvision)', 1024, googLeNet),
  imported('resnet18', 'ResNet-18 (torchvision)', 512, () => resNet(18)),
  imported('resnet34', 'ResNet-34 (torchvision)', 512, () => resNet(34)),
  imported('resnet50', 'ResNet-50 (torchvision)', 2048, () => resNet(50)),
  imported('resnet50-keras', 'ResNet-50 (Keras)', 2048, () => kerasResNet50('numbers')),
  imported('resnet50-caffe', 'ResNet-50 (Keras before 2.2.3)', 2048, () => kerasResNet50('letters')),
  imported('resnet101', 'ResNet-101 (torchvision)', 2048, () => resNet(101)),
  imported('inception_v3', 'Inception-v3 (torchvision)', 2048, inceptionV3, { size: 299, sizes: FROM_75 }),
  imported('inception_v4', 'Inception-v4 (timm)', 1536, inceptionV4, { size: 299, sizes: FROM_75 }),
  imported('densenet121', 'DenseNet-121 (torchvision)', 1024, () => denseNet(121)),
  imported('densenet161', 'DenseNet-161 (torchvision)', 2208, () => denseNet(161)),
  imported('densenet169', 'DenseNet-169 (torchvision)', 1664, () => denseNet(169)),
  imported('mobilenet-v1-0.25', 'MobileNet, width 0.25 (Keras)', 256, () => mobileNetV1(0.25, 'keras')),
  imported('mobilenet-v1-1.0', 'MobileNet, width 1 (Keras)', 1024, () => mobileNetV1(1, 'keras')),
  imported('mobilenetv1_100', 'MobileNet, width 1 (timm)', 1024, () => mobileNetV1(1, 'timm')),
  imported('mobilenet-v2-1.0', 'MobileNetV2, width 1 (Keras)', 1280, () => mobileNetV2(1)),
  imported('mobilenetv2_035', 'MobileNetV2, width 0.35 (timm)', 1280, () => timmMobileNetV2(0.35)),
  imported('mobilenetv2_100', 'MobileNetV2, width 1 (timm)', 1280, () => timmMobileNetV2(1)),
  imported('efficientnet_lite0', 'EfficientNet-Lite0 (timm)', 1280, () => efficientNetLite0(false)),
  imported('tf_efficientnet_lite0', 'EfficientNet-Lite0 (TensorFlow’s weights)', 1280, () =>
    efficientNetLite0(true),
  ),
];

export const findBackbone = (id: string): BackboneInfo | undefined =>
  backbones.find((backbone) => backbone.id === id);

export const allowsSize = ({ sizes }: BackboneInfo, size: number): boolean =>
  size >= sizes.min && size % sizes.multipleOf === 0;

/** What a person may ask for, as the end of a sentence. */
export const sizesInWords = ({ sizes: { min, multipleOf } }: BackboneInfo): string =>
  multipleOf === 1 ? `at least ${String(min)}` : `a multiple of ${String(multipleOf)}`;
