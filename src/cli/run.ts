import { BugError, Cancelled, UserError } from '#shared/rpc/errors.ts';
import { COMMANDS } from './commands/index.ts';
import { exitCodeOf } from './exit-codes.ts';
import { Session } from './session.ts';
import type { AnyCommand, CommandResult } from './syntax/definition.ts';
import { commandHelp, overview } from './syntax/help.ts';
import { didYouMean } from './syntax/nearest.ts';
import { parseCommand } from './syntax/parse.ts';
import { programVersion } from '#engine/process/connect.ts';

/** Where the result and the failure go; tests catch them. */
export interface Streams {
  out(text: string): void;
  error(text: string): void;
}

const PROCESS_STREAMS: Streams = {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
};

/** Runs one command line and gives its exit code. */
export async function runCommandLine(
  words: readonly string[],
  streams: Streams = PROCESS_STREAMS,
): Promise<number> {
  try {
    return await dispatch(words, streams);
  } catch (error) {
    return report(error, words.includes('--json'), streams);
  }
}

async function dispatch(words: readonly string[], streams: Streams): Promise<number> {
  const [first, ...rest] = words;
  if (first === '--version' || first === 'version') return print(streams, programVersion());
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const topic = first === undefined ? undefined : rest.find((word) => !word.startsWith('-'));
    return print(streams, topic === undefined ? overview(COMMANDS) : commandHelp(findCommand(topic)));
  }
  // Options that belong to no command may stand before it.
  const at = words.findIndex((word, i) => !word.startsWith('-') && words[i - 1] !== '--library');
  if (at < 0)
    throw new UserError('bad-input', `There is no command in "${words.join(' ')}". See "plumage help".`);
  const command = findCommand(words[at] ?? '');
  const parsed = parseCommand(command, [...words.slice(0, at), ...words.slice(at + 1)]);
  if (parsed.global.help) return print(streams, commandHelp(command));
  const result = await runWithSession(command, parsed);
  // A command that has printed its result as it began (serve) gives none.
  const json = result.json === undefined ? '' : JSON.stringify(result.json);
  return print(streams, parsed.global.json ? json : result.text);
}

function findCommand(name: string): AnyCommand {
  const found = COMMANDS.find((each) => each.name === name);
  if (found) return found;
  const hint = didYouMean(
    name,
    COMMANDS.map((each) => each.name),
  );
  throw new UserError('bad-input', `"${name}" is not a command.${hint} "plumage help" lists them.`);
}

async function runWithSession(
  command: AnyCommand,
  parsed: ReturnType<typeof parseCommand>,
): Promise<CommandResult> {
  const interrupt = new AbortController();
  const onSignal = (): void => {
    // The second Ctrl+C means it: the engine goes on or ends on its own.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const session = new Session({ ...parsed.global, interrupted: interrupt.signal });
  try {
    return await command.run({ arguments: parsed.arguments, options: parsed.options as never }, session);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await session.close();
  }
}

function print(streams: Streams, text: string): number {
  if (text !== '') streams.out(text);
  return 0;
}

/** The one place where a failure becomes what people and scripts see. */
function report(error: unknown, json: boolean, streams: Streams): number {
  const failure = describe(error);
  if (json) streams.out(JSON.stringify({ error: failure }));
  else {
    streams.error(failure.message);
    // A stack is read by people here: its line breaks stay line breaks.
    if (failure.code === 'bug')
      streams.error(JSON.stringify(failure.details, null, 2).replaceAll('\\n', '\n'));
  }
  return exitCodeOf(failure.code);
}

function describe(error: unknown): { code: string; message: string; details: unknown } {
  if (error instanceof UserError)
    return { code: error.code, message: error.message, details: error.details ?? null };
  if (error instanceof Cancelled) return { code: 'cancelled', message: error.message, details: null };
  const details =
    error instanceof BugError
      ? error.details
      : { error: String(error), stack: error instanceof Error ? error.stack : null };
  return { code: 'bug', message: new BugError(details).message, details };
}
