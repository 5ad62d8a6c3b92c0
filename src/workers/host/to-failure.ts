import { Cancelled, UserError } from '#shared/rpc/errors.ts';
import type { Failure } from '#shared/domain/job.ts';

/** Turns whatever a task threw into what crosses to the engine. Unknown errors are defects and carry their stack. */
export function toFailure(error: unknown): Failure {
  if (error instanceof UserError) {
    return error.details === undefined
      ? { code: error.code, message: error.message }
      : { code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof Cancelled) return { code: 'cancelled', message: error.message };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: 'Cancelled.' };
  const systemFailure = fromSystemError(error);
  if (systemFailure !== null) return systemFailure;
  const stack = error instanceof Error ? chain(error) : String(error);
  return {
    code: 'bug',
    message: 'Something broke inside Plumage. Copy the details into a report; your data is as it was before.',
    details: { stack },
  };
}

function fromSystemError(error: unknown): Failure | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const path = 'path' in error && typeof error.path === 'string' ? error.path : 'a file';
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'no-space',
        message: `The disk is full while writing ${path}. Free some space and start again.`,
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        code: 'no-permission',
        message: `No permission for ${path}. Change its permissions or choose another place.`,
      };
    default:
      return null;
  }
}

function chain(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\nCaused by: ${chain(error.cause)}` : own;
}
