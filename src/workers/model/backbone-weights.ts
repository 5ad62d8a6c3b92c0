import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeSafetensors } from '#formats/safetensors.ts';
import type { BackboneInfo } from '#learn/backbones/catalog.ts';
import { findBackbone } from '#learn/backbones/catalog.ts';
import type { WeightArray, Weights } from '#learn/models/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';

/** @throws UserError `bad-input` where there is no such backbone */
export function backboneOf(id: string): BackboneInfo {
  const backbone = findBackbone(id);
  if (!backbone) throw new UserError('bad-input', `There is no backbone "${id}" in this version of Plumage.`);
  return backbone;
}

/**
 * The arrays that come with Plumage for a backbone.
 * @throws UserError `not-found` where none come with it
 */
export async function readBackboneWeights(backbone: BackboneInfo, resourcesPath: string): Promise<Weights> {
  if (backbone.weightsFile === null) {
    throw new UserError(
      'not-found',
      `No weights come with ${backbone.title}: import a file of them with \`plumage weights import\`.`,
    );
  }
  const path = join(resourcesPath, 'backbones', backbone.weightsFile);
  return floatArrays(await readFile(path), path);
}

/** The F32 arrays of a safetensors file. */
export function floatArrays(bytes: Uint8Array, what: string): Map<string, WeightArray> {
  const arrays = new Map<string, WeightArray>();
  for (const { name, shape, data } of decodeSafetensors(bytes, what).tensors.values()) {
    if (data instanceof Float32Array) arrays.set(name, { shape, data });
  }
  return arrays;
}
