/**
 * The colour of a class, the same in every room: its hue follows from its id alone by the golden angle, so that
 * neighbouring ids lie far apart. Not to be told by colour alone: always beside the name or with a title.
 */
const GOLDEN_ANGLE = 137.50776405003785;

/** Degrees on the OKLCH hue circle, 0 <= hue < 360. */
export function classHue(classId: number): number {
  return (classId * GOLDEN_ANGLE) % 360;
}

/** Chroma steps tell ids apart whose hues happen to lie close. */
function classChroma(classId: number): number {
  return [0.15, 0.11, 0.075][classId % 3] ?? 0.11;
}

/** For CSS: follows the theme through `--class-lightness`. */
export function classColor(classId: number): string {
  return `oklch(var(--class-lightness) ${classChroma(classId)} ${classHue(classId).toFixed(1)})`;
}

/** For canvases, which cannot resolve CSS variables. */
export function classColorFixed(classId: number, dark: boolean): string {
  return `oklch(${dark ? 0.72 : 0.62} ${classChroma(classId)} ${classHue(classId).toFixed(1)})`;
}
