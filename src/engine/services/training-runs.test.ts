import { expect, test } from 'vitest';
import { REQUEST, prepared, start } from './testing/prepared-library.ts';

test('a training that dies keeps its checkpoint; resumed, it goes on there without doubled points', async () => {
  await using library = await prepared();
  const { runs } = library.services;
  const { runId, jobId } = await start(library, 'crash');
  const died = await library.ended(jobId);
  expect(died).toMatchObject({
    status: 'failed',
    error: { code: 'worker-died', message: expect.stringMatching(/SIGSEGV.*last checkpoint/) },
  });
  expect(runs.get(runId)).toMatchObject({ status: 'failed', error: { code: 'worker-died' } });
  expect(runs.get(runId).checkpoints).toMatchObject([{ kind: 'last', step: 4 }]);
  runs.resume(runId);
  expect((await library.ended(jobId)).status).toBe('done');
  expect(runs.points(runId, 0, 100).map((point) => point.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a run that begins anew drops what an earlier beginning measured, at step 0 too', async () => {
  await using library = await prepared();
  const { runId, jobId } = await start(library);
  library.services.context.points.append(runId, [{ step: 0, epoch: 0, values: { recallAt1: 0.5 } }]);
  await library.ended(jobId);
  expect(library.services.runs.points(runId, 0, 100).map((point) => point.step)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
});

test('pause keeps the state, resume goes on, stop ends; each is refused where it makes no sense', async () => {
  await using library = await prepared();
  const { runs, jobs } = library.services;
  const { runId, jobId } = await start(library, 'wait');
  await library.until(jobId, (job) => job.status === 'running');
  runs.pause(runId);
  await library.until(jobId, (job) => job.status === 'paused');
  expect(runs.get(runId)).toMatchObject({ status: 'paused' });
  expect(() => jobs.remove(jobId)).toThrow(/has not ended/);
  runs.resume(runId);
  expect((await library.ended(jobId)).status).toBe('done');
  expect(() => runs.stop(runId, 'checkpoint')).toThrow(/not active/);
  expect(() => runs.resume(runId)).toThrow(/is done/);
});

test('a run that diverges fails with its sentence', async () => {
  await using library = await prepared();
  const { runId, jobId } = await start(library, 'diverge');
  expect((await library.ended(jobId)).error).toEqual({
    code: 'diverged',
    message: 'The loss is not a number at step 5.',
  });
  expect(library.services.runs.get(runId)).toMatchObject({ status: 'failed', error: { code: 'diverged' } });
});

test('a run that may mend itself goes on with lower rates, until it holds', async () => {
  await using library = await prepared();
  const { runs } = library.services;
  const settings = { ...REQUEST.settings, autoRemedy: true };
  const { runId, jobId } = await runs.start({ ...REQUEST, settings });
  library.services.context.catalog.db
    .prepare(`UPDATE runs SET config = json_set(config, '$.mode', 'collapse') WHERE id = ?`)
    .run(runId);
  expect((await library.ended(jobId)).status).toBe('done');
  const { config, status } = runs.get(runId);
  expect(status).toBe('done');
  // 3e-4 falls under the 1e-4 at which this one holds after one remedy.
  expect(config).toMatchObject({ clipNorm: 1, remedies: [{ step: 5, change: { rateFactor: 0.3 } }] });
  expect(config['backboneRate']).toBeCloseTo(9e-5);
  expect(config['facts']).toMatchObject({ findings: [{ finding: 'collapsed', step: 5 }] });
  // Nothing was validated before: there is no good checkpoint, and it begins anew.
  expect(library.services.jobs.log(jobId, 100).map(({ message }) => message)).toContain(
    'Mended by itself: rates times 0.3, gradients clipped to norm 1; it goes on from the beginning.',
  );
});

test('a restart of the engine goes on with what ran', async () => {
  await using library = await prepared();
  const { runId, jobId } = await start(library, 'wait');
  await library.until(jobId, (job) => job.status === 'running');
  await library.restart();
  expect((await library.ended(jobId)).status).toBe('done');
  expect(library.services.runs.get(runId)).toMatchObject({ status: 'done', step: 10 });
  expect(library.services.jobs.log(jobId, 100).map((line) => line.message)).toContain(
    'The engine ended while this ran; it goes on now.',
  );
});
