import type { Locator } from 'playwright-core';

/** Opens every "More of …" of a form, so that its rare settings can be filled in. */
export async function showAllSettings(form: Locator): Promise<void> {
  const more = form.locator('details:not([open]) > summary');
  while ((await more.count()) > 0) await more.first().click();
}
