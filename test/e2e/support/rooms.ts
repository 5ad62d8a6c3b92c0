import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

const WORK_MS = 180_000;

/** The studio's rooms as a person reaches and reads them. */
export class Rooms {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Goes to a room by the rail, or by a key where one is given. */
  async open(title: string, key?: string): Promise<Locator> {
    const rail = this.#page
      .getByRole('navigation', { name: 'Rooms' })
      .getByRole('button', { name: title, exact: true });
    await rail.waitFor();
    if (key === undefined) await rail.click();
    else await this.#page.keyboard.press(key);
    const main = this.#page.getByRole('main', { name: title });
    await main.waitFor();
    return main;
  }

  /** Waits until the room's status line says so. */
  async says(main: Locator, words: string): Promise<void> {
    await main
      .getByRole('status')
      .filter({ hasText: new RegExp(`^${words}$`) })
      .first()
      .waitFor();
  }

  /** The step of the run that is open. */
  async step(main: Locator): Promise<number> {
    const words = await main.getByText(/^step [\d,]+ of [\d,]+$/).innerText();
    return Number(/^step ([\d,]+)/.exec(words)?.[1]?.replaceAll(',', ''));
  }

  async stepBeyond(main: Locator, step: number): Promise<void> {
    await expect.poll(() => this.step(main), { timeout: WORK_MS, interval: 100 }).toBeGreaterThan(step);
  }
}
