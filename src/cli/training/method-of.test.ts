import { expect, test } from 'vitest';
import type { Client } from '#shared/contract/index.ts';
import { presets } from '#learn/config.ts';
import { methodOf } from './method-of.ts';

const client = { runs: { options: () => Promise.resolve({ presets }) } } as unknown as Client;

test.each([
  [{}, 'soft-triple'],
  [{ preset: 'two-heads-hard' }, 'two-head'],
  [{ preset: 'demo' }, 'soft-triple'],
  [{ method: 'two-head', preset: 'demo' }, 'two-head'],
  [{ preset: 'no such' }, 'soft-triple'],
])('%o trains by %s', async (asked, method) => {
  expect(await methodOf(client, asked)).toBe(method);
});
