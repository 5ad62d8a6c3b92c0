import { BugError, UserError } from '#shared/rpc/errors.ts';
import { type OpenContent, startServing } from '../engine.ts';
import { ALREADY_RUNNING, announce } from './announcement.ts';
import { parseEngineArguments } from './arguments.ts';
import { acquireLock } from './lock.ts';
import { programVersion } from './program.ts';

/** How long an orderly end may take before the process ends anyway. */
const END_WITHIN_MS = 10_000;

/** The whole life of an engine process: lock, serve, announce, end. */
export async function runEngine(
  open: OpenContent,
  argv: readonly string[] = process.argv.slice(2),
): Promise<void> {
  // Whoever started the engine may be gone; what is written to its pipes then has nowhere to go.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  try {
    const args = parseEngineArguments(argv);
    const lock = acquireLock(args.libraryPath);
    if (lock === null) {
      announce({ failed: { code: ALREADY_RUNNING, message: 'Another engine has this library open.' } });
      process.exitCode = 0;
      return;
    }
    const engine = await startServing(args, lock, open);
    announce({ ready: { socketPath: engine.socketPath, pid: process.pid, version: programVersion() } });
    void engine.ended.then(() => process.exit(0));
    process.once('beforeExit', () => process.exit(0));
    guardEnd(engine.ended);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  if (error instanceof UserError) {
    announce({ failed: { code: error.code, message: error.message } });
  } else {
    const stack = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${stack ?? String(error)}\n`);
    announce({ failed: { code: 'bug', message: `${new BugError(null).message} (${String(error)})` } });
  }
  // The pipe has to take the line before the process ends.
  process.stdout.write('', () => process.exit(1));
}

/** A signal asks for an orderly end; one that takes too long is cut short. */
function guardEnd(ended: Promise<string>): void {
  const hurry = (): void => {
    const timer = setTimeout(() => process.exit(1), END_WITHIN_MS);
    void ended.then(() => clearTimeout(timer));
  };
  process.once('SIGTERM', hurry);
  process.once('SIGINT', hurry);
}
