import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContentStore } from '#catalog/content-store.ts';
import { decodeSafetensors } from '#formats/safetensors.ts';
import type { BackboneInfo } from '#learn/backbones/catalog.ts';
import { findBackbone } from '#learn/backbones/catalog.ts';
import { randomWeights } from '#learn/models/random-weights.ts';
import type { WeightArray, Weights } from '#learn/models/weights.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { RANDOM_STREAM } from '#learn/samplers/shuffled-batches.ts';
import type { StartingWeights } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { TaskPlaces } from '#shared/worker/messages.ts';

/** @throws UserError `bad-input` where there is no such backbone */
export function backboneOf(id: string): BackboneInfo {
  const backbone = findBackbone(id);
  if (!backbone) throw new UserError('bad-input', `There is no backbone "${id}" in this version of Plumage.`);
  return backbone;
}

/**
 * The arrays that a backbone starts from.
 *
 * @param start absent for those that come with Plumage
 * @throws UserError `not-found` where none come with it, or where the stored ones are gone
 */
export async function readBackboneWeights(
  backbone: BackboneInfo,
  { libraryPath, resourcesPath }: TaskPlaces,
  start: StartingWeights = { kind: 'shipped' },
): Promise<Weights> {
  if (start.kind === 'random')
    return randomWeights(backbone.create(), createRandom(start.seed, RANDOM_STREAM.weights));
  if (start.kind === 'stored')
    return floatArrays(
      await readFile(new ContentStore(libraryPath).get(start.file)),
      `The weights "${start.name}"`,
    );
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
