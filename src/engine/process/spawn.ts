import { type ChildProcess, spawn } from 'node:child_process';
import { BugError, UserError } from '#shared/rpc/errors.ts';
import { ALREADY_RUNNING, Announcement } from './announcement.ts';

export interface StartOptions {
  readonly node: string;
  readonly entry: string;
  readonly libraryPath: string;
  /**
   * `window`: the engine ends with this process (it watches its standard input). `clients`: it ends by itself after its
   * last client has left and no job runs.
   */
  readonly owner: 'window' | 'clients';
  readonly env: NodeJS.ProcessEnv;
}

const START_TIMEOUT_MS = 60_000;
const STDERR_KEPT = 4000;

/**
 * Starts an engine and waits for its first line. null when it found another one at work.
 * @throws UserError with the engine's own sentence; BugError when it died without a word
 */
export async function startEngine(options: StartOptions): Promise<ChildProcess | null> {
  const child = spawn(
    options.node,
    [options.entry, '--library', options.libraryPath, '--owner', options.owner],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl+C in a terminal goes to the whole group: the engine stops its jobs when its client asks, not by the signal.
      detached: process.platform !== 'win32',
      env: options.env,
    },
  );
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-STDERR_KEPT);
  });
  try {
    const message = await firstLine(child, () => errors);
    if ('ready' in message) {
      letGo(child, options.owner);
      return child;
    }
    if (message.failed.code === ALREADY_RUNNING) return null;
    throw new UserError(message.failed.code, message.failed.message);
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function firstLine(child: ChildProcess, errors: () => string): Promise<Announcement> {
  return await new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () =>
        reject(
          new UserError('engine-failed', 'The engine did not start within a minute. Start Plumage again.'),
        ),
      START_TIMEOUT_MS,
    );
    const died = (cause: unknown): void => {
      clearTimeout(timer);
      reject(new BugError({ what: 'The engine ended before it was ready.', cause, stderr: errors() }));
    };
    child.once('error', (error) => died(String(error)));
    child.once('close', (code, signal) => died(signal ?? code));
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      try {
        resolve(Announcement.parse(JSON.parse(text.slice(0, end))));
      } catch {
        died(`unreadable first line: ${text.slice(0, 200)}`);
      }
    });
  });
}

/** Lets this process end whatever the engine does; a window keeps the input pipe, by which the engine knows that it lives. */
function letGo(child: ChildProcess, owner: StartOptions['owner']): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.stdin?.on('error', () => undefined);
  if (owner === 'clients') child.stdin?.destroy();
  else (child.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  child.unref();
}
