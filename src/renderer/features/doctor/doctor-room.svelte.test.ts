import { beforeEach, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import { accessibilityFaults, renderStudio } from '../../testing/render-studio.ts';

beforeEach(() => cleanup());

describe('Doctor', () => {
  it('names each backend with the reason, and passes axe', async () => {
    const { app } = await renderStudio();
    app.studio.go('doctor');
    await expect
      .element(page.getByText('No NVIDIA driver was found. Install one and run `npm run setup` again.'))
      .toBeVisible();
    await expect.element(page.getByText('Training and embedding use tensorflow.')).toBeVisible();
    await expect.element(page.getByText('123 GB on /home')).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('shows the text of each licence', async () => {
    const { app } = await renderStudio();
    app.studio.go('doctor');
    await page.getByRole('button', { name: 'Licences' }).click();
    await expect.element(page.getByText('SIL Open Font License 1.1')).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('shows a failure as a sentence and tries again', async () => {
    let fails = true;
    const { app } = await renderStudio({
      parts: {
        system: {
          doctor: () =>
            Promise.reject(
              Object.assign(new Error(fails ? 'The engine is busy.' : ''), { code: 'conflict' }),
            ),
        },
      },
    });
    app.studio.go('doctor');
    await expect.poll(() => page.getByRole('alert').element().textContent).toMatch(/The engine is busy\./);
    fails = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect
      .poll(() => page.getByRole('alert').element().textContent)
      .not.toMatch(/The engine is busy\./);
  });
});
