/**
 * Keyboard shortcuts as text: `Mod+K` (Ctrl, on a Mac Command), `Shift+Z`, `?`, `G I` (one after another), `Escape`.
 */
export const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);

/** True when one chord such as `Mod+K` is what was pressed. */
export function matchesChord(chord: string, event: KeyboardEvent): boolean {
  const parts = chord.split('+');
  const key = parts.pop() ?? '';
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const otherMod = isMac ? event.ctrlKey : event.metaKey;
  if (otherMod || event.altKey !== parts.includes('Alt') || mod !== parts.includes('Mod')) return false;
  const isLetter = /^[a-z]$/i.test(key);
  // Signs such as ? need Shift on some keyboards and not on others.
  if ((isLetter || key.length > 1) && event.shiftKey !== parts.includes('Shift')) return false;
  return event.key.toLowerCase() === key.toLowerCase() || (key === 'Space' && event.key === ' ');
}

/** How a shortcut is written for people: `Mod` becomes Ctrl or ⌘. */
export function shortcutText(shortcut: string): string {
  return shortcut.replaceAll('Mod+', isMac ? '⌘' : 'Ctrl+');
}

/** True where letters are text: single keys must not act there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (
    target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  )
    return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
  );
}
