import type { ShellEvent } from '../../shared/domain/shell.ts';

export type ShellCommand = Extract<ShellEvent, { plumage: 'command' }>['command'];

const listeners = new Set<(command: ShellCommand) => void>();

/** Menu entries of the desktop's menu bar, handed to whoever draws the window. */
export function onShellCommand(listener: (command: ShellCommand) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function emitShellCommand(command: ShellCommand): void {
  for (const listener of listeners) listener(command);
}
