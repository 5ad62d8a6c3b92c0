import { expect, test } from 'vitest';
import type { JobProgress } from '#shared/domain/job.ts';
import { ProgressMeter } from './progress-meter.ts';

test('first and last reports pass, those between only ten times a second, with rate and time left', () => {
  const sent: JobProgress[] = [];
  let now = 1000;
  const meter = new ProgressMeter(
    (progress) => sent.push(progress),
    () => now,
  );
  for (let done = 0; done <= 100; done++, now += 10)
    meter.report({ phase: 'Embedding', done, total: 100, unit: 'images' });
  expect(sent.length).toBe(11);
  expect(sent[0]).toMatchObject({ done: 0, perSecond: null, secondsLeft: null });
  expect(sent[5]).toMatchObject({ done: 50, perSecond: 100, secondsLeft: 0.5 });
  expect(sent.at(-1)).toMatchObject({ done: 100, secondsLeft: 0 });
  meter.report({ phase: 'Scoring', done: 0, total: null, unit: 'queries' });
  expect(sent.at(-1)).toMatchObject({ phase: 'Scoring', perSecond: null });
});
