import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const Bounds = z.object({
  x: z.int().exactOptional(),
  y: z.int().exactOptional(),
  width: z.int().min(480),
  height: z.int().min(360),
  maximized: z.boolean(),
});
export type Bounds = z.infer<typeof Bounds>;

const DEFAULT: Bounds = { width: 1360, height: 880, maximized: false };

/** Where the window was when it was last closed, if a display still shows that place. */
export function readBounds(file: string, displays: readonly Rectangle[]): Bounds {
  try {
    const bounds = Bounds.parse(JSON.parse(readFileSync(file, 'utf8')));
    const { x, y, ...rest } = bounds;
    if (x === undefined || y === undefined) return bounds;
    const isSeen = displays.some(
      (display) =>
        x < display.x + display.width - 80 &&
        x + bounds.width > display.x + 80 &&
        y >= display.y - 20 &&
        y < display.y + display.height - 80,
    );
    return isSeen ? bounds : rest;
  } catch {
    return DEFAULT;
  }
}

/** Losing the place of a window is no reason to trouble anybody. */
export function writeBounds(file: string, bounds: Bounds): void {
  try {
    writeFileSync(file, JSON.stringify(bounds));
  } catch {
    // Next time it opens where it always did.
  }
}
