import type { WebFrameMain } from 'electron';

export const SCHEME = 'app';
export const HOST = 'studio';
export const STUDIO_URL = `${SCHEME}://${HOST}/index.html`;

/** Whether an address belongs to the studio's own page. */
export function isStudioUrl(text: string): boolean {
  try {
    const url = new URL(text);
    return url.protocol === `${SCHEME}:` && url.host === HOST;
  } catch {
    return false;
  }
}

/** Only the top frame of a page of ours may speak to the shell. */
export function isStudioFrame(frame: WebFrameMain | null): boolean {
  return frame !== null && frame.parent === null && isStudioUrl(frame.url);
}
