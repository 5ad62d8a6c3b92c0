/** Codes that every call may fail with, besides its own. */
type CommonErrorCode =
  | 'bad-input'
  | 'not-found'
  | 'conflict'
  | 'no-permission'
  | 'no-space'
  | 'cancelled'
  | 'unknown-method'
  | 'disconnected'
  | 'worker-died'
  | 'bug';

/** Any code may be used; the common ones are offered. */
type ErrorCode = CommonErrorCode | (string & Record<never, never>);

/** A failure that a person can act on: what happened, to which thing, what to do next. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: ErrorCode;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: { details?: unknown; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}

/** Somebody asked for this to end: shown nowhere, logged nowhere. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';

  constructor(message = 'Cancelled.') {
    super(message);
  }
}

/** A defect of Plumage as it reaches a client: the message is general, `details` holds what to copy into a report. */
export class BugError extends Error {
  override readonly name = 'BugError';
  readonly details: unknown;

  constructor(details: unknown) {
    super('Something broke inside Plumage. Copy the details into a report; your data is as it was before.');
    this.details = details;
  }
}
