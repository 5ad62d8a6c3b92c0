import type { Page } from 'playwright-core';

/** Waits until nothing is on its way any more: no skeleton, no picture in view that is not drawn, nothing that moves. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const drawn = (image: HTMLImageElement): boolean => {
      const { x, y, width, height } = image.getBoundingClientRect();
      // Pictures outside the part that a list shows are not asked for.
      const seen = document.elementFromPoint(x + width / 2, y + height / 2)?.contains(image) ?? false;
      return image.complete || !seen;
    };
    return (
      document.querySelector('.skeleton') === null &&
      [...document.images].every(drawn) &&
      document.getAnimations().every((animation) => animation.playState !== 'running')
    );
  });
}
