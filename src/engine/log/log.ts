import path from 'node:path';
import { type Logger, pino } from 'pino';
import { RotatingFile } from './rotating-file.ts';

export type Log = Logger;

/** The engine's log in the library's `logs/`. URLs are logged without their query: tokens live there. */
export function createLog(libraryPath: string): Log {
  const file = new RotatingFile(path.join(libraryPath, 'logs'), 'engine');
  return pino(
    {
      level: 'info',
      base: { pid: process.pid },
      redact: {
        paths: ['token', 'url', 'headers', 'cookie', '*.token', '*.url', '*.cookie', '*.headers'],
        censor: '[removed]',
      },
    },
    file,
  );
}
