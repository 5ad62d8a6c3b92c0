/**
 * Shorter side at which the pixel cache keeps images for a network of this input: training crops need room, and
 * evaluation of the same size, with or without training, shares what was decoded.
 */
export function keptShorterSide(size: number, resize: number): number {
  return Math.max(resize, Math.ceil(size * 1.5));
}
