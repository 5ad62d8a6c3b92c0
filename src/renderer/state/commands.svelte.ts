import { isTyping, matchesChord } from './keys.ts';

/** Something that a person can do by name in the palette, by key, or both. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly section: 'Rooms' | 'Datasets' | 'Runs' | 'Actions' | 'This room';
  /** See keys.ts; several are equally good, the first is shown. */
  readonly shortcuts?: readonly string[];
  /** Other words that find it. */
  readonly keywords?: readonly string[];
  /** Only a key, not worth a line in the palette. */
  readonly keyOnly?: boolean;
  readonly when?: () => boolean;
  readonly run: () => void;
}

const SEQUENCE_MS = 1200;

/**
 * The commands of the moment. The frame and each room add theirs while they are shown:
 * `$effect(() => app.commands.add([{ id, title, section: 'This room', shortcuts: ['J'], run }]))`.
 */
export class CommandsState {
  list = $state.raw<readonly Command[]>([]);
  paletteOpen = $state(false);
  helpOpen = $state(false);
  #groups: readonly (readonly Command[])[] = [];
  #prefix: { readonly key: string; readonly at: number } | null = null;

  /** Adds commands; the answer takes them away again. Later additions win where keys clash. */
  add(commands: readonly Command[]): () => void {
    this.#groups = [...this.#groups, commands];
    this.list = this.#groups.flat();
    return () => {
      this.#groups = this.#groups.filter((group) => group !== commands);
      this.list = this.#groups.flat();
    };
  }

  get available(): readonly Command[] {
    return this.list.filter((command) => command.when?.() ?? true);
  }

  /** Runs what a key press means, if anything. Single keys do nothing while somebody types or a dialog is open. */
  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && (isTyping(event.target) || isInDialog(event.target))) return;
    const command = this.#find(event);
    if (command === undefined) return;
    event.preventDefault();
    command.run();
  }

  #find(event: KeyboardEvent): Command | undefined {
    const before = this.#prefix;
    this.#prefix = null;
    const candidates = this.available.toReversed();
    if (before !== null && event.timeStamp - before.at < SEQUENCE_MS) {
      const found = candidates.find((command) =>
        command.shortcuts?.some((shortcut) => {
          const [first, second] = shortcut.split(' ');
          return second !== undefined && first?.toLowerCase() === before.key && matchesChord(second, event);
        }),
      );
      if (found !== undefined) return found;
    }
    const found = candidates.find((command) =>
      command.shortcuts?.some((shortcut) => !shortcut.includes(' ') && matchesChord(shortcut, event)),
    );
    if (found === undefined && event.key.length === 1)
      this.#prefix = { key: event.key.toLowerCase(), at: event.timeStamp };
    return found;
  }
}

function isInDialog(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null
  );
}
