/** What a key means on the bench; null where it means nothing there. */
export type BenchCommand =
  | { readonly kind: 'move'; readonly by: number }
  | { readonly kind: 'verdict'; readonly key: string }
  | { readonly kind: 'corner'; readonly key: string }
  | { readonly kind: 'undo' }
  | { readonly kind: 'open' }
  | { readonly kind: 'first' }
  | { readonly kind: 'last' };

export function benchCommand(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): BenchCommand | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  switch (key) {
    case 'j':
    case 'ArrowRight':
    case 'ArrowDown':
      return { kind: 'move', by: 1 };
    case 'k':
    case 'ArrowLeft':
    case 'ArrowUp':
      return { kind: 'move', by: -1 };
    case 'PageDown':
      return { kind: 'move', by: 10 };
    case 'PageUp':
      return { kind: 'move', by: -10 };
    case 'Home':
      return { kind: 'first' };
    case 'End':
      return { kind: 'last' };
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
      return { kind: 'verdict', key };
    case 'a':
    case 'p':
    case 'n':
      return { kind: 'corner', key };
    case 'z':
      return { kind: 'undo' };
    case 'o':
      return { kind: 'open' };
    default:
      return null;
  }
}

/** True where a person is writing: letters are text there, not commands. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('input, select, textarea, [contenteditable], [role="dialog"]') !== null
  );
}
