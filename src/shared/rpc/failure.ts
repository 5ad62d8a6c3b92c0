import type { z } from 'zod';
import { BugError, Cancelled, UserError } from './errors.ts';

/** How an error travels: `log` says whether it is a defect that the engine has to write down whole. */
export interface WireFailure {
  readonly code: string;
  readonly message: string;
  readonly details?: unknown;
  readonly log: boolean;
}

/** Turns whatever a handler threw into what a client is told. The one place where this happens. */
export function failureOf(error: unknown, signal: AbortSignal): WireFailure {
  if (error instanceof UserError) {
    const { code, message, details } = error;
    return details === undefined ? { code, message, log: false } : { code, message, details, log: false };
  }
  if (error instanceof Cancelled || signal.aborted)
    return { code: 'cancelled', message: 'Cancelled.', log: false };
  const details = error instanceof BugError ? error.details : describe(error);
  return { code: 'bug', message: new BugError(details).message, details, log: true };
}

function describe(error: unknown): {
  readonly error: string;
  readonly stack: string | null;
  readonly cause: string | null;
} {
  if (!(error instanceof Error)) return { error: String(error), stack: null, cause: null };
  const cause = error.cause instanceof Error ? `${error.cause.name}: ${error.cause.message}` : null;
  return { error: `${error.name}: ${error.message}`, stack: error.stack ?? null, cause };
}

/** Names every field that is wrong, in words that a person can act on. */
export function badInput(method: string, error: z.core.$ZodError): UserError {
  const problems = error.issues.slice(0, 8).map((issue) => {
    const field = issue.path.map(String).join('.');
    return field === '' ? issue.message : `${field}: ${issue.message}`;
  });
  return new UserError('bad-input', `${method} cannot use this input. ${problems.join('. ')}.`, {
    details: { problems },
  });
}
