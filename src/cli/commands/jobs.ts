import type { Job } from '#shared/domain/job.ts';
import { followJob } from '../jobs/follow.ts';
import { when } from '../output/numbers.ts';
import { progressLine } from '../output/progress-line.ts';
import { table } from '../output/table.ts';
import { PROGRAM } from '../session.ts';
import { command } from '../syntax/definition.ts';
import { mustName, verbArguments } from './listing.ts';

function row(job: Job): string[] {
  const running = job.status === 'running' && job.progress !== null;
  const detail =
    running && job.progress ? progressLine(job.progress, { bar: false }) : (job.error?.message ?? '');
  return [job.id, job.kind, job.status, when(job.createdAt), job.title, detail];
}

export const jobsCommand = command({
  name: 'jobs',
  summary: 'list, show, watch, stop, resume or remove what takes time',
  arguments: verbArguments(['list', 'show', 'watch', 'stop', 'resume', 'remove'], 'job'),
  options: { active: { type: 'flag', help: 'list only what is queued, running or paused' } },
  examples: ['jobs --active', 'jobs watch job_x7k2m9p4', 'jobs stop job_x7k2m9p4'],
  async run({ arguments: [verb = 'list', id], options }, session) {
    const client = await session.client();
    if (verb === 'list') {
      const rows = await client.jobs.list({ active: options.active });
      const text =
        rows.length === 0 ? 'No jobs.' : table(['id', 'kind', 'status', 'since', 'title', ''], rows.map(row));
      return { json: { jobs: rows }, text };
    }
    const jobId = mustName('jobs', verb, id);
    if (verb === 'show') {
      const [job, log] = await Promise.all([client.jobs.get({ jobId }), client.jobs.log({ jobId })]);
      const lines = log.map(({ at, level, message }) => `${new Date(at).toISOString()} ${level} ${message}`);
      return { json: { ...job, log }, text: [JSON.stringify(job, null, 2), ...lines].join('\n') };
    }
    if (verb === 'watch' || verb === 'resume') {
      if (verb === 'resume') await client.jobs.resume({ jobId });
      const job = await followJob(session, jobId, { resume: `${PROGRAM} jobs resume ${jobId}` });
      return { json: job, text: `${job.title}: ${job.status}` };
    }
    await (verb === 'stop' ? client.jobs.stop({ jobId }) : client.jobs.remove({ jobId }));
    return verb === 'stop'
      ? { json: { stopped: jobId }, text: `Stopping ${jobId}.` }
      : { json: { removed: jobId }, text: `Removed ${jobId}.` };
  },
});
