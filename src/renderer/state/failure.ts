import type { Failure } from '../../shared/domain/job.ts';

/** True for what somebody asked for: an aborted call is shown nowhere. */
export function isCancelled(cause: unknown): boolean {
  return cause instanceof Error && (cause.name === 'AbortError' || cause.name === 'Cancelled');
}

/** Any thrown thing as a sentence with its code. The classes of shared/rpc/errors are told by shape, not by identity. */
export function toFailure(cause: unknown): Failure {
  if (cause instanceof Error) {
    const shaped = cause as Error & { code?: unknown; details?: unknown };
    if (typeof shaped.code === 'string') {
      return { code: shaped.code, message: cause.message, details: shaped.details };
    }
    if (cause.name === 'BugError') return { code: 'bug', message: cause.message, details: shaped.details };
    return {
      code: 'bug',
      message:
        'Something broke in the window. Copy the details into a report; your data is as it was before.',
      details: { message: cause.message, stack: cause.stack },
    };
  }
  return { code: 'bug', message: 'Something broke in the window.', details: String(cause) };
}
