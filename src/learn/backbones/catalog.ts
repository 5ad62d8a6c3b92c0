import { mobileNetV2 } from './mobilenet-v2.ts';
import type { Network } from './network.ts';

export interface BackboneInfo {
  readonly id: string;
  readonly title: string;
  readonly featureDim: number;
  /** Side of the images that its weights were trained on. */
  readonly size: number;
  readonly licence: string;
  /** File in `resources/backbones`. */
  readonly weightsFile: string;
  readonly create: () => Network;
}

/** Backbones that come with weights. */
export const backbones: readonly BackboneInfo[] = [
  {
    id: 'mobilenet-v2-0.35',
    title: 'MobileNetV2, width 0.35 (ImageNet)',
    featureDim: 1280,
    size: 224,
    licence: 'Apache-2.0',
    weightsFile: 'mobilenetv2_0.35_224_imagenet_notop.safetensors',
    create: () => mobileNetV2(0.35),
  },
];

export const findBackbone = (id: string): BackboneInfo | undefined =>
  backbones.find((backbone) => backbone.id === id);
