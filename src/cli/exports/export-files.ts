import type { Client } from '#shared/contract/index.ts';
import { followJob } from '../jobs/follow.ts';
import type { Session } from '../session.ts';

/** Writes files for other programs and gives their paths. */
export async function exportFiles(
  session: Session,
  request: Parameters<Client['exports']['start']>[0],
): Promise<readonly string[]> {
  const client = await session.client();
  const { jobId } = await client.exports.start(request);
  const job = await followJob(session, jobId, { resume: 'run the same command again.' });
  // The job's result is `{ files }` by contract.
  return (job.result as { readonly files: readonly string[] }).files;
}
