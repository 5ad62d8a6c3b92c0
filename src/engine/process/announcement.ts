import { z } from 'zod';

/** The one line that an engine prints on standard output: that it listens, or why it could not start. */
export const Announcement = z.union([
  z.object({ ready: z.object({ socketPath: z.string(), pid: z.int(), version: z.string() }) }),
  z.object({ failed: z.object({ code: z.string(), message: z.string() }) }),
]);
export type Announcement = z.infer<typeof Announcement>;

/** Code of an engine that found another one at work: whoever started it dials again. */
export const ALREADY_RUNNING = 'already-running';

export function announce(message: Announcement): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
