import type { Client } from '#shared/contract/index.ts';
import { UserError } from '#shared/rpc/errors.ts';

/**
 * Every setting that is wrong in one sentence each, before anything is started. The engine names what is not known
 * (method, preset, backbone, setting) together with the nearest that is.
 * @throws UserError `bad-input`
 */
export async function checkRequest(
  client: Client,
  request: Parameters<Client['runs']['check']>[0],
): Promise<readonly string[]> {
  const { problems, warnings } = await client.runs.check(request);
  if (problems.length === 0) return warnings;
  throw new UserError('bad-input', problems.map(({ message }) => message).join('\n'), {
    details: { problems },
  });
}
