import { expect, test } from 'vitest';
import type { JobProgress } from '#shared/domain/job.ts';
import { progressLine } from './progress-line.ts';
import { ProgressView } from './progress-view.ts';

const progress = (done: number, phase = 'Training'): JobProgress => ({
  phase,
  done,
  total: 200,
  unit: 'steps',
  perSecond: 21,
  secondsLeft: 90,
});

function view(isTTY: boolean) {
  let time = 0;
  let text = '';
  const stream = { isTTY, write: (more: string) => (text += more) };
  const made = new ProgressView(stream, { quiet: false, now: () => time });
  return { made, at: (milliseconds: number) => (time = milliseconds), text: () => text };
}

test('a line says amount, rate and time left', () => {
  expect(progressLine(progress(50), { bar: false })).toBe(
    'Training   25 %  50 of 200 steps, 21 steps/s, 2 min left',
  );
  expect(progressLine(progress(50), { bar: true })).toContain('[######------------------]');
  expect(
    progressLine({ ...progress(1234), total: null, perSecond: null, secondsLeft: null }, { bar: true }),
  ).toBe('Training  1,234 steps');
});

test('without a terminal: one line every few seconds and at each new phase', () => {
  const { made, at, text } = view(false);
  made.update(progress(1));
  at(1000);
  made.update(progress(2));
  made.update(progress(1, 'Saving'));
  at(6000);
  made.update(progress(2, 'Saving'));
  expect(text().match(/\n/g)).toHaveLength(3);
  expect(text()).not.toContain('\u001b');
});

test('on a terminal: redrawn in place, and gone at the end', () => {
  const { made, at, text } = view(true);
  made.update(progress(1));
  at(200);
  made.update(progress(2));
  made.end();
  expect(text()).not.toContain('\n');
  expect(text().endsWith('\r\u001b[2K')).toBe(true);
});

test('quiet says nothing', () => {
  let text = '';
  const made = new ProgressView({ write: (more) => (text += more) }, { quiet: true });
  made.update(progress(1));
  made.say('hello');
  expect(text).toBe('');
});
