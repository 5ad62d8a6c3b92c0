import { spawn } from 'node:child_process';
import process from 'node:process';

/** Somewhere to open windows: the display that there is, else Xvfb until `close`. null where there is neither. */
export async function openDisplay(): Promise<{ close(): void } | null> {
  if (process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'])
    return { close: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string | null>((resolve) => {
    server.once('error', () => resolve(null));
    server.once('exit', () => resolve(null));
    server.stdio[3]?.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
  if (number === null) return null;
  process.env['DISPLAY'] = `:${number}`;
  return {
    close() {
      delete process.env['DISPLAY'];
      server.kill();
    },
  };
}
