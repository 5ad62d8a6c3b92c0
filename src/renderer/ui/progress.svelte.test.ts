import { afterEach, expect, it } from 'vitest';
import { cdp, page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import './tokens.css';
import Progress from './Progress.svelte';

const reduceMotion = (value: string): Promise<unknown> =>
  (cdp() as unknown as { send: (method: string, input: object) => Promise<unknown> }).send(
    'Emulation.setEmulatedMedia',
    { features: [{ name: 'prefers-reduced-motion', value }] },
  );
afterEach(() => reduceMotion(''));

it('fills no part of a bar whose share is unknown while motion is reduced', async () => {
  await reduceMotion('reduce');
  await render(Progress, { share: null, label: 'Waiting' });
  const bar = page.getByRole('progressbar', { name: 'Waiting' }).element();
  const inner = bar.firstElementChild!;
  expect(inner.getBoundingClientRect().width).toBe(bar.getBoundingClientRect().width);
  expect(getComputedStyle(inner).backgroundImage).toMatch(/repeating-linear-gradient/);
});
