import type { Client } from '#shared/contract/index.ts';
import type { RunRequest } from '#shared/domain/run.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { didYouMean } from '../syntax/nearest.ts';

type Request = Parameters<Client['runs']['check']>[0];

function mustKnow(what: string, id: string | undefined, known: readonly string[]): void {
  if (id === undefined || known.includes(id)) return;
  throw new UserError(
    'bad-input',
    `There is no ${what} "${id}".${didYouMean(id, known)} Known: ${known.join(', ')}.`,
  );
}

/** Refuses an unknown method, preset or backbone by its name. @throws UserError `bad-input` */
export async function checkNames(
  client: Client,
  request: Pick<RunRequest, 'method' | 'preset' | 'backbone'>,
): Promise<void> {
  const { methods, presets, backbones } = await client.runs.options({});
  mustKnow(
    'method',
    request.method,
    methods.map(({ id }) => id),
  );
  mustKnow(
    'preset',
    request.preset,
    presets.map(({ id }) => id),
  );
  mustKnow(
    'backbone',
    request.backbone,
    backbones.map(({ id }) => id),
  );
}

/** Every field that is wrong in one sentence each, before anything is started. @throws UserError `bad-input` */
export async function checkSettings(client: Client, request: Request): Promise<void> {
  const { problems } = await client.runs.check(request);
  if (problems.length === 0) return;
  const known = await settingNames(client, request.method ?? 'soft-triple');
  const sentences = problems.map(({ field, message }) => {
    const hint = known.includes(field) ? '' : didYouMean(field, known);
    return `${message}${hint && !message.includes('Did you mean') ? hint : ''}`;
  });
  throw new UserError('bad-input', sentences.join('\n'), { details: { problems } });
}

async function settingNames(client: Client, methodId: string): Promise<string[]> {
  const { methods, settings } = await client.runs.options({});
  const method = methods.find(({ id }) => id === methodId);
  return [...propertyNames(settings), ...propertyNames(method?.schema ?? {})];
}

function propertyNames(schema: Readonly<Record<string, unknown>>): string[] {
  const { properties } = schema;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}
