/**
 * Puts a text on the clipboard: the desktop's shell writes it there, because its window has no permission to; a browser
 * does it by itself. Rejects where neither may.
 */
export async function copyText(text: string): Promise<void> {
  if (window.plumage === undefined) await navigator.clipboard.writeText(text);
  else await window.plumage.request({ kind: 'copy-text', text });
}
