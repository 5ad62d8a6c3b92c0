import type { StartingWeights } from '#shared/domain/weights.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ServiceContext } from './service-context.ts';

export const SHIPPED: StartingWeights = { kind: 'shipped' };

/**
 * Where a backbone's arrays come from.
 *
 * @param wanted `pretrained` (those that come with Plumage, else the newest imported), `random`, or imported weights by
 *   name or id
 * @throws UserError not-found where there are none, bad-input where they are another backbone's
 */
export async function weightsOfBackbone(
  context: ServiceContext,
  backbone: string,
  wanted: string,
  seed = 0,
): Promise<StartingWeights> {
  if (wanted === 'random') return { kind: 'random', seed };
  if (wanted !== 'pretrained') {
    const record = context.weights.require(wanted);
    if (record.backbone !== backbone)
      throw new UserError(
        'bad-input',
        `The weights "${record.name}" are of ${record.backbone}, not of ${backbone}. Set the backbone to ${record.backbone}.`,
      );
    return { kind: 'stored', file: record.file, name: record.name };
  }
  const { backbones } = await import('#learn/config.ts');
  const info = backbones.find(({ id }) => id === backbone);
  if (info === undefined || info.weightsFile !== null) return SHIPPED;
  const newest = context.weights.newestOf(backbone);
  if (newest !== undefined) return { kind: 'stored', file: newest.file, name: newest.name };
  throw new UserError(
    'not-found',
    `No weights of ${info.title} are here: none come with Plumage. Import a file of them ("plumage weights import FILE", or in Settings), or train from nothing with weights=random.`,
  );
}

/** What a run's stored settings say that it starts from; runs of before there was a choice start from the shipped. */
export function startOf(config: Readonly<Record<string, unknown>>): StartingWeights {
  const start = config['startsFrom'] as StartingWeights | undefined;
  return start ?? SHIPPED;
}

/** What tells vectors of a backbone with these weights from others. */
export function hashOfStart(backbone: string, start: StartingWeights): string {
  if (start.kind === 'stored') return `backbone:${backbone}:${start.file}`;
  return start.kind === 'random' ? `backbone:${backbone}:random:${start.seed}` : `backbone:${backbone}`;
}

/** Names of the runs that start from a stored file. */
export function runsFrom(context: ServiceContext, file: string): string[] {
  return context.runs
    .list()
    .filter(({ config }) => {
      const start = startOf(JSON.parse(config) as Record<string, unknown>);
      return start.kind === 'stored' && start.file === file;
    })
    .map(({ name }) => name);
}
