import { basename, extname, resolve } from 'node:path';
import type { WeightsRecord } from '#catalog/repositories/weights.ts';
import type { BackboneFit, WeightInspection, WeightSet } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { runsFrom } from './backbone-weights.ts';
import type { ServiceContext } from './service-context.ts';

export interface WeightsWish {
  readonly path: string;
  readonly backbone?: string | undefined;
  readonly name?: string | undefined;
  readonly licence?: string | undefined;
}

/** Weights that networks start from: those that come with Plumage, and those that people bring. */
export class WeightsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async list(): Promise<WeightSet[]> {
    const { backbones } = await import('#learn/config.ts');
    const titleOf = (id: string): string => backbones.find((one) => one.id === id)?.title ?? id;
    const shipped = backbones.flatMap((backbone): WeightSet[] =>
      backbone.weightsFile === null
        ? []
        : [
            {
              id: null,
              name: backbone.id,
              backbone: backbone.id,
              backboneTitle: backbone.title,
              file: null,
              bytes: null,
              format: 'safetensors',
              source: backbone.weightsFile,
              licence: backbone.licence,
              matched: null,
              filled: null,
              leftOut: null,
              unexpected: null,
              notes: ['Comes with Plumage.'],
              isDefault: true,
              createdAt: null,
            },
          ],
    );
    const seen = new Set(shipped.map(({ backbone }) => backbone));
    const imported = this.#context.weights.list().map((record) => {
      const isDefault = !seen.has(record.backbone);
      seen.add(record.backbone);
      return toSet(record, titleOf(record.backbone), isDefault);
    });
    return [...shipped, ...imported];
  }

  inspect(path: string, backbone: string | undefined): Promise<WeightInspection> {
    return this.#context.reader.ask('inspectWeights', { path: resolve(path), backbone });
  }

  /** @throws UserError bad-input where arrays are missing or the file is none of weights */
  async import(wish: WeightsWish): Promise<{ weights: WeightSet; fit: BackboneFit }> {
    const { reader, weights, now } = this.#context;
    const { path, backbone, name, licence } = { ...wish, path: resolve(wish.path) };
    const { fit, ...made } = await reader.ask('importWeights', { path, backbone, licence });
    const source = basename(path);
    const record = weights.insert({
      name: name ?? nameOf(path),
      backbone: fit.backbone,
      file: made.file,
      bytes: made.bytes,
      format: made.format,
      source,
      licence: licence ?? null,
      matched: fit.matched,
      filled: fit.filled,
      leftOut: fit.leftOut,
      unexpected: fit.unexpected,
      notes: [...made.notes],
      createdAt: now(),
    });
    this.#context.tell(['weights']);
    const set = (await this.list()).find(({ id }) => id === record.id)!;
    return { weights: set, fit };
  }

  /** @throws UserError conflict while a run names them: it could not be compared with its start any more */
  remove(ref: string): void {
    const { weights } = this.#context;
    const record = weights.require(ref);
    const twin = weights.list().some(({ id, file }) => id !== record.id && file === record.file);
    const user = twin ? undefined : runsFrom(this.#context, record.file)[0];
    if (user !== undefined)
      throw new UserError(
        'conflict',
        `The run "${user}" started from the weights "${record.name}". Remove that run first.`,
      );
    weights.remove(record.id);
    this.#context.sweep([record.file]);
    this.#context.tell(['weights']);
  }
}

/** `resnet18-5c106cde.pth` is `resnet18-5c106cde`; a model.json is called as its folder. */
function nameOf(path: string): string {
  const own = basename(path, extname(path));
  const folder = basename(path.slice(0, -basename(path).length));
  return (own === 'model' && folder !== '' ? folder : own).slice(0, 100);
}

const toSet = (record: WeightsRecord, backboneTitle: string, isDefault: boolean): WeightSet => {
  const { id, name, backbone, file, bytes, format, source, licence, notes, createdAt } = record;
  const { matched, filled, leftOut, unexpected } = record;
  const counts = { matched, filled, leftOut, unexpected };
  return {
    id: id,
    name,
    backbone,
    backboneTitle,
    file,
    bytes,
    format,
    source,
    licence,
    ...counts,
    notes,
    isDefault,
    createdAt,
  };
};
