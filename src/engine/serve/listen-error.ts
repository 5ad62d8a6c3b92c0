import { UserError } from '#shared/rpc/errors.ts';

/** Why a port could not be opened, and what to do. */
export function listenError(port: number, cause: NodeJS.ErrnoException): unknown {
  if (cause.code === 'EADDRINUSE') {
    return new UserError(
      'port-in-use',
      `Port ${port} is used by another program. Choose another with --port, or leave --port away and Plumage takes a free one.`,
      { details: { port }, cause },
    );
  }
  if (cause.code === 'EACCES') {
    return new UserError(
      'no-permission',
      `Your account may not open port ${port}. Choose one above 1023 with --port.`,
      {
        details: { port },
        cause,
      },
    );
  }
  return cause;
}
