import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup, render } from 'vitest-browser-svelte';
import Root from '../Root.svelte';
import type { ShellEvent } from '../../shared/domain/shell.ts';
import { connectShell } from '../client/connect-shell.ts';
import { accessibilityFaults } from '../testing/render-studio.ts';
import '../ui/base.css';
import '../ui/tokens.css';

beforeEach(() => cleanup());
afterEach(() => {
  Reflect.deleteProperty(window, 'plumage');
});

it('shows why the engine did not start, and copies the message with its details', async () => {
  const message = 'Something broke inside Plumage. Copy the details into a report.';
  const failed: ShellEvent = {
    plumage: 'engine',
    state: 'failed',
    failure: { code: 'bug', message, details: `Error: no such module ${'x'.repeat(300)}` },
  };
  const request = vi.fn(async ({ kind }: { kind: string }) => {
    if (kind !== 'connect') return;
    window.dispatchEvent(new MessageEvent('message', { data: failed, source: window }));
    await Promise.reject(new Error('The refusal that says less.'));
  });
  const shell = { request } as never;
  Object.defineProperty(window, 'plumage', { configurable: true, value: shell });
  await render(Root, { connect: (listener) => connectShell(shell, listener) });
  await expect.element(page.getByRole('alert')).toHaveTextContent(message);
  await expect.element(page.getByRole('region', { name: 'Details' })).toBeVisible();
  expect(await accessibilityFaults()).toEqual([]);
  await page.getByRole('button', { name: 'Copy the details' }).click();
  expect(request).toHaveBeenLastCalledWith({
    kind: 'copy-text',
    text: `${message}\n\n${failed.failure?.details}`,
  });
  await expect.element(page.getByText('Copied')).toBeVisible();
});
