import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { classOf, failure, neighborsOf } from '../../testing/fake-data.ts';
import { roomsEngine } from '../../testing/rooms-engine.ts';
import { roomProblems, showRoom } from '../../testing/show-room.ts';

describe('the Neighbours room', () => {
  it('opens on the worst query, marks hits, misses and what changed, accessibly', async () => {
    const app = await showRoom('neighbors', roomsEngine());
    const trained = page.getByRole('region', { name: 'soft-triple demo' });
    await expect.element(trained).toMatchTextContent(/2 of 10 right/);
    await expect.element(page.getByRole('region', { name: 'Zero-shot' })).toMatchTextContent(/↗ left/);
    expect(app.studio.focusImage).toBe(failure(0).imageId);
    const first = neighborsOf(failure(0).imageId, 1, 0)[0];
    await expect
      .element(page.getByRole('button', { name: `Neighbour 1: ${first?.class ?? ''}, same class` }).first())
      .toBeVisible();
    expect(await roomProblems()).toEqual([]);
  });

  it('makes a neighbour the query and goes back with Alt and the arrow', async () => {
    const app = await showRoom('neighbors', roomsEngine());
    const neighbour = neighborsOf(failure(0).imageId, 2, 0)[1]?.imageId ?? 0;
    await page
      .getByRole('region', { name: 'soft-triple demo' })
      .getByRole('button', { name: /^Neighbour 2/ })
      .click();
    await expect.poll(() => app.studio.focusImage).toBe(neighbour);
    await expect
      .element(page.getByRole('button', { name: new RegExp(`^Query: ${classOf(neighbour).name}`) }))
      .toBeVisible();
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await expect.poll(() => app.studio.focusImage).toBe(failure(0).imageId);
    await userEvent.keyboard('j');
    await expect
      .element(page.getByRole('button', { name: /^Query 2:/ }))
      .toHaveAttribute('aria-current', 'true');
  });

  it('looks up a picture by its path and says when it cannot', async () => {
    const parts = roomsEngine();
    await showRoom('neighbors', {
      ...parts,
      neighbors: {
        ...parts.neighbors,
        ofFile: async ({ path }) => {
          if (path === '/none.jpg')
            throw Object.assign(new Error('There is no file /none.jpg. Check the path.'), {
              code: 'not-found',
            });
          return {
            query: { imageId: null, path, class: null },
            neighbors: neighborsOf(1, 3, 0).map((one) => ({ ...one, hit: null })),
          };
        },
      },
    });
    await page.getByRole('button', { name: 'Open a picture…' }).click();
    await page.getByLabelText('Path on the machine where the engine runs').fill('/bird.jpg');
    await page.getByRole('button', { name: 'Look it up' }).click();
    await expect.element(page.getByRole('button', { name: /^Query: a picture from disk/ })).toBeVisible();
    await page.getByRole('button', { name: 'Open a picture…' }).click();
    await page.getByLabelText('Path on the machine where the engine runs').fill('/none.jpg');
    await page.getByRole('button', { name: 'Look it up' }).click();
    await expect.element(page.getByRole('alert')).toMatchTextContent(/There is no file \/none\.jpg/);
  });

  it('shows one row without the comparison', async () => {
    await showRoom('neighbors', roomsEngine());
    await expect.element(page.getByRole('region', { name: 'Zero-shot' })).toBeVisible();
    await page.getByText('Compare with zero-shot').click();
    await expect.element(page.getByRole('region', { name: 'Zero-shot' })).not.toBeInTheDocument();
  });

  it('leads to Runs where nothing was evaluated', async () => {
    const app = await showRoom('neighbors', roomsEngine({ empty: true }));
    await page.getByRole('button', { name: 'Evaluate a run' }).click();
    expect(app.studio.room).toBe('runs');
  });
});
