import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const MAX_TICKETS = 32;
const MAX_SESSIONS = 64;

/** Random values that let a browser in: a ticket is good once, in a URL; a session lives in a cookie. */
export class Tickets {
  readonly #tickets = new Set<string>();
  readonly #sessions = new Set<string>();

  /** A token for one URL. Old ones that nobody used are forgotten. */
  issue(): string {
    const token = randomBytes(32).toString('base64url');
    this.#tickets.add(digest(token));
    dropOldest(this.#tickets, MAX_TICKETS);
    return token;
  }

  /** Turns a token into a session, once; null for anything else. */
  redeem(token: string): string | null {
    const found = find(this.#tickets, token);
    if (found === null) return null;
    this.#tickets.delete(found);
    const session = randomBytes(32).toString('base64url');
    this.#sessions.add(digest(session));
    dropOldest(this.#sessions, MAX_SESSIONS);
    return session;
  }

  isSession(session: string): boolean {
    return find(this.#sessions, session) !== null;
  }
}

/** Only digests are kept and compared, so neither time nor memory gives a token away. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function find(known: ReadonlySet<string>, text: string): string | null {
  const wanted = digest(text);
  for (const one of known) if (timingSafeEqual(Buffer.from(one), Buffer.from(wanted))) return one;
  return null;
}

function dropOldest(values: Set<string>, limit: number): void {
  for (const value of values) {
    if (values.size <= limit) return;
    values.delete(value);
  }
}
