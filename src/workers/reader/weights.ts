import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ContentStore } from '#catalog/content-store.ts';
import { SafetensorsWriter } from '#formats/safetensors.ts';
import { type WeightFile, openWeightFile } from '#formats/weights/open-weight-file.ts';
import { type BackboneInfo, backbones, findBackbone } from '#learn/backbones/catalog.ts';
import { weightShapes } from '#learn/models/weights.ts';
import { convertedWeights } from '#learn/weights/convert.ts';
import { type Fit, fitsOf } from '#learn/weights/detect.ts';
import type { BackboneFit, WeightInspection } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ImportedWeights, ReaderMap } from '#shared/worker/reader.ts';

/** What a report names; the counts tell of the rest. */
const MOST_NAMES = 12;
const MOST_LISTED = 2000;
const MOST_FITS = 3;

/** Names and shapes of a file, and the networks that it may be for. No values are read. */
export async function inspectWeights({
  path,
  backbone,
}: ReaderMap['inspectWeights']['input']): Promise<WeightInspection> {
  const file = await openWeightFile(path);
  try {
    const entries = [...file.entries.values()];
    const fits = fitsIn(file, backbone).filter(
      (fit) => fit.match.matched.length > 0 || backbone !== undefined,
    );
    return {
      path,
      format: file.format,
      arrays: entries.length,
      parameters: entries.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
      listed: entries
        .slice(0, MOST_LISTED)
        .map(({ name, shape, type }) => ({ name, shape: [...shape], type })),
      notes: [...file.notes, ...tieNotes(fits)],
      fits: fits.slice(0, MOST_FITS).map(describeFit),
    };
  } finally {
    await file.close();
  }
}

/** Converts a file's arrays to those of a network and stores them. @throws UserError bad-input where they are not all there */
export async function importWeights(
  store: ContentStore,
  { path, backbone, licence }: ReaderMap['importWeights']['input'],
): Promise<ImportedWeights> {
  const file = await openWeightFile(path);
  try {
    const fits = fitsIn(file, backbone);
    const fit = fits[0]!;
    if (!fit.complete) refuseIncomplete(path, fit, backbone !== undefined);
    const metadata = {
      format: 'plumage-weights-1',
      backbone: fit.backbone,
      source: basename(path),
      ...(licence && { licence }),
    };
    const stored = await storeConverted(store, file, fit, metadata);
    const notes = [...file.notes, ...(backbone === undefined ? tieNotes(fits) : [])];
    return { format: file.format, fit: describeFit(fit), notes, ...stored };
  } finally {
    await file.close();
  }
}

/** One array at a time goes from file to file. */
async function storeConverted(
  store: ContentStore,
  file: WeightFile,
  { match }: Fit,
  metadata: Readonly<Record<string, string>>,
): Promise<{ file: string; bytes: number }> {
  const declared = [...match.matched, ...match.filled].map(({ name, shape }) => ({
    name,
    dtype: 'F32' as const,
    shape,
  }));
  const temporary = await store.temporaryPath();
  try {
    const writer = await SafetensorsWriter.create(temporary, declared, metadata);
    try {
      for await (const { name, data } of convertedWeights(match, (source) => file.read(source))) {
        if (!data.every(Number.isFinite))
          throw new UserError(
            'bad-input',
            `The array of ${file.path} that is "${name}" here holds values that are no numbers: the training that wrote it diverged. Take an earlier checkpoint.`,
          );
        await writer.append(data);
      }
    } catch (error) {
      await writer.abandon();
      throw error;
    }
    await writer.finish();
    const { size } = await stat(temporary);
    return { file: await store.putFile(temporary), bytes: size };
  } finally {
    await rm(temporary, { force: true });
  }
}

/** @throws UserError bad-input where there is no such backbone */
function fitsIn(file: WeightFile, backbone: string | undefined): Fit[] {
  const candidates: readonly BackboneInfo[] = backbone === undefined ? backbones : [required(backbone)];
  return fitsOf(candidates, [...file.entries.values()], basename(file.path));
}

function required(id: string): BackboneInfo {
  const found = findBackbone(id);
  if (found) return found;
  const ids = backbones.map((one) => one.id).join(', ');
  throw new UserError('bad-input', `There is no backbone "${id}". There are: ${ids}.`);
}

/** Networks of the same arrays differ in padding or pixels, which no file of arrays tells. */
function tieNotes(fits: readonly Fit[]): string[] {
  const complete = fits.filter((fit) => fit.complete).map((fit) => fit.backbone);
  if (complete.length < 2) return [];
  return [
    `The arrays fit ${complete.join(' and ')}, which differ in padding and pixels; ${complete[0]!} is taken unless --backbone names another.`,
  ];
}

function refuseIncomplete(path: string, { backbone, match, share }: Fit, isNamed: boolean): never {
  const { missing, different } = match;
  const lacks =
    missing.length > 0 ? `${String(missing.length)} of its arrays are missing (${few(missing)})` : '';
  const [first] = different;
  const differs = first
    ? `${String(different.length)} have another shape ("${first.source}" is [${first.found.join(', ')}], not [${first.wanted.join(', ')}])`
    : '';
  const wrong = [lacks, differs].filter(Boolean).join(', ');
  const percent = Math.floor(100 * share);
  throw new UserError(
    'bad-input',
    isNamed
      ? `${path} does not hold all of ${backbone}: ${wrong}. "plumage weights inspect" shows which backbone it fits.`
      : percent < 10
        ? `${path} fits no backbone that is known here. "plumage weights inspect" lists its arrays.`
        : `${path} fits no backbone wholly. The nearest is ${backbone} (${String(percent)} %): ${wrong}. Save all arrays of the network.`,
  );
}

const few = (names: readonly string[]): string =>
  names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');

function describeFit({ backbone, match, complete }: Fit): BackboneFit {
  const { matched, filled, missing, different, leftOut, unexpected, prefix, dialect } = match;
  const info = findBackbone(backbone)!;
  return {
    backbone,
    title: info.title,
    complete,
    wanted: weightShapes(info.create()).length,
    matched: matched.length,
    filled: filled.length,
    moved: matched.filter(({ minus }) => minus !== null).length,
    folded: match.folded,
    missing: missing.length,
    missingNames: missing.slice(0, MOST_NAMES),
    different: different.length,
    differences: different.slice(0, MOST_NAMES).map(({ name, source, wanted, found }) => ({
      name,
      source,
      wanted: [...wanted],
      found: [...found],
    })),
    leftOut: leftOut.length,
    leftOutNames: leftOut.filter((name) => !name.endsWith('num_batches_tracked')).slice(0, MOST_NAMES),
    unexpected: unexpected.length,
    unexpectedNames: unexpected.slice(0, MOST_NAMES),
    prefix,
    dialect: dialect === 'plain' || dialect === 'without features' ? null : dialect,
  };
}
