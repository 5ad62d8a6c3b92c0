import type { Client } from '#shared/contract/index.ts';
import { createClient } from '#shared/rpc/client.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { CloseReason } from '#shared/rpc/port.ts';
import { portOfWebSocket } from '#shared/rpc/websocket-port.ts';
import { dial, fetchBlob } from './dial.ts';
import { nodeBinary } from './node-binary.ts';
import { defaultLibraryPath, realLibraryPath, socketPathOf } from './places.ts';
import { entryOf } from './program.ts';
import { startEngine } from './spawn.ts';

export { openControlSocket, requestEngine } from './dial.ts';
export { defaultLibraryPath, realLibraryPath } from './places.ts';
export { entryOf, programRoot, programVersion } from './program.ts';

export interface ConnectOptions {
  /** Default: `PLUMAGE_LIBRARY`, else the user's data folder. */
  readonly libraryPath?: string;
  /** Written to the journal as who did it: `studio`, `cli`. */
  readonly clientName: string;
  /** How long an engine that is started here lives; see `StartOptions`. Default `clients`. */
  readonly owner?: 'window' | 'clients';
  readonly env?: NodeJS.ProcessEnv;
  /** The program to start as engine; tests name another. */
  readonly entry?: string;
  /** How long to wait for an engine that holds the library but does not answer. Default 30 s. */
  readonly giveUpAfterMs?: number;
}

export interface EngineConnection {
  readonly client: Client;
  readonly libraryPath: string;
  readonly socketPath: string;
  /** Process id of the engine. */
  readonly pid: number;
  /** True when no engine was at work on the library and this call started one. */
  readonly started: boolean;
  /** Resolves when the engine is gone or `close` was called. */
  readonly closed: Promise<CloseReason>;
  fetchBlob(hash: string, signal?: AbortSignal): Promise<Uint8Array>;
  close(): void;
}

const GIVE_UP_AFTER_MS = 30_000;
const RETRY_MS = 40;

/**
 * Connects to the engine that has the library open, or starts one. Several processes may do this at once: one of them
 * starts, the others find it.
 * @throws UserError with the engine's own sentence when it cannot start (`newer-version`, `catalog-corrupt`,
 * `no-permission`, `no-space`, `version-mismatch`)
 */
export async function connectOrStart(options: ConnectOptions): Promise<EngineConnection> {
  const env = options.env ?? process.env;
  const libraryPath = realLibraryPath(options.libraryPath ?? defaultLibraryPath(env));
  const socketPath = socketPathOf(libraryPath, env);
  const giveUpAt = performance.now() + (options.giveUpAfterMs ?? GIVE_UP_AFTER_MS);
  let started = false;
  while (performance.now() < giveUpAt) {
    const connection = await tryConnect(options.clientName, libraryPath, socketPath, started);
    if (connection !== null) return connection;
    const child = await startEngine({
      node: nodeBinary(env),
      entry: options.entry ?? entryOf('engine'),
      libraryPath,
      owner: options.owner ?? 'clients',
      env,
    });
    started = child !== null;
    // Another engine holds the library but does not listen yet, or is about to end.
    if (!started) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new UserError(
    'conflict',
    `Another program holds the library ${libraryPath} and does not answer. Close every Plumage that uses it (of other users, too) and try again.`,
  );
}

/** null when nobody listens, or when the engine ended while it was being greeted. */
async function tryConnect(
  name: string,
  libraryPath: string,
  socketPath: string,
  started: boolean,
): Promise<EngineConnection | null> {
  const socket = await dial(socketPath);
  if (socket === null) return null;
  const port = portOfWebSocket(socket);
  const client = createClient(port, { name });
  try {
    const { pid } = await client.system.info({});
    return {
      client,
      libraryPath,
      socketPath,
      pid,
      started,
      closed: port.closed,
      fetchBlob: (hash, signal) => fetchBlob(socketPath, hash, signal),
      close: () => port.close(),
    };
  } catch (error) {
    port.close();
    if (error instanceof UserError && error.code === 'disconnected') return null;
    throw error;
  }
}
