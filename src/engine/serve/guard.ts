import type { IncomingMessage } from 'node:http';
import type { Tickets } from './tickets.ts';

/** Loopback by name. The port is free: `ssh -L 9000:localhost:8080` makes another one of it. */
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** What is wrong with a request before anybody looks at what it wants; null when nothing is. */
export function originProblem(request: IncomingMessage, isUpgrade: boolean): string | null {
  const { host, origin } = request.headers;
  // A page of another site whose name was pointed at this machine still sends its own name here.
  if (host === undefined || !LOOPBACK_HOST.test(host)) return 'This address is not one of the studio.';
  if (origin !== undefined && origin !== `http://${host}`) return 'Another page must not ask here.';
  if (isUpgrade && origin === undefined) return 'Only the studio’s page may connect here.';
  const site = request.headers['sec-fetch-site'];
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return 'Another page must not ask here.';
  }
  return null;
}

/** Whether the request carries the cookie of a session. */
export function hasSession(request: IncomingMessage, cookieName: string, tickets: Tickets): boolean {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === cookieName && value !== undefined && tickets.isSession(value)) return true;
  }
  return false;
}
