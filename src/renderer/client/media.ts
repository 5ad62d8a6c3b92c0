/**
 * Where pictures come from: `/media/<imageId>?w=256` on the page's own origin, which is the engine's server in a
 * browser and a proxy in Electron's main. Widths are rounded up to those that the engine keeps.
 */
const WIDTHS = [256, 512, 1024, 2048];

/** The address of an image at `width` pixels or the next larger kept width; without a width, the original. */
export function mediaUrl(imageId: number, width?: number): string {
  if (width === undefined) return `/media/${imageId}`;
  const kept = WIDTHS.find((candidate) => candidate >= width) ?? WIDTHS.at(-1);
  return `/media/${imageId}?w=${kept}`;
}
