import type { Server } from 'node:http';
import path from 'node:path';
import type { Handlers } from '#shared/contract/index.ts';
import { PAGE_HEADERS } from '#shared/rpc/page-policy.ts';
import type { TaskPlaces } from '#shared/worker/messages.ts';
import { createRequestHandler } from './http/handler.ts';
import { listenLocally } from './http/local-server.ts';
import type { BlobSource, MediaSource } from './http/sources.ts';
import { type Log, createLog } from './log/log.ts';
import type { EngineArguments } from './process/arguments.ts';
import { Lifetime } from './process/lifetime.ts';
import type { Lock } from './process/lock.ts';
import { socketPathOf } from './process/places.ts';
import { programRoot, resourcesPath, runsFromSource } from './process/program.ts';
import { Connections } from './rpc/connections.ts';
import { BrowserServer } from './serve/browser-server.ts';
import type { LibraryFacts } from './system/doctor.ts';
import { createSystemHandlers } from './system/system.ts';

/** What the engine is a server for. It knows nothing of sockets; the engine knows nothing of datasets. */
export interface Content {
  readonly handlers: Omit<Handlers, 'system'> & { readonly system: Pick<Handlers['system'], 'changes'> };
  readonly media: MediaSource;
  readonly blobs: BlobSource;
  libraryFacts(): LibraryFacts;
  /** Whether a job is queued or running. */
  isBusy(): boolean;
  /** Stops jobs so that they can go on later, and closes the catalogue. */
  close(): Promise<void>;
}

/** Opens a library. @throws UserError when it cannot be opened */
export type OpenContent = (places: TaskPlaces, log: Log) => Promise<Content>;

export interface RunningEngine {
  readonly socketPath: string;
  /** Resolves when the engine has ended and let go of everything. */
  readonly ended: Promise<string>;
}

const LINGER_MS = 1000;
const FIRST_CLIENT_MS = 30_000;

/** Starts serving a library whose lock the caller holds. */
export async function startServing(
  args: EngineArguments,
  lock: Lock,
  open: OpenContent,
): Promise<RunningEngine> {
  const { libraryPath, owner } = args;
  const places: TaskPlaces = { libraryPath, resourcesPath: resourcesPath() };
  const log = createLog(libraryPath);
  recordCrashes(log);
  const content = await open(places, log);
  const { promise: asked, resolve: end } = Promise.withResolvers<string>();

  const system = createSystemHandlers({
    ...places,
    startedAtMs: Date.now(),
    libraryFacts: () => content.libraryFacts(),
    serve: (port) => browser.open(port),
    unserve: () => browser.close(),
    shutdown: (force) => {
      if (force) setTimeout(() => end('asked to'), 50);
      return lifetime.release() || force;
    },
  });
  const handlers: Handlers = { ...content.handlers, system: { ...content.handlers.system, ...system } };
  const connections = new Connections({ handlers, log, checkOutput: runsFromSource });
  const http = {
    blobs: content.blobs,
    media: content.media,
    onBug: (at: string, err: unknown) => log.error({ path: at, err }, 'a defect'),
  };
  const statics = { root: path.join(programRoot(), 'out', 'renderer'), headers: PAGE_HEADERS };
  const browser = new BrowserServer({
    handler: createRequestHandler({ ...http, statics }),
    connections,
    onRefused: (refusal) => log.warn({ door: 'browser', ...refusal }, 'refused'),
  });
  const socketPath = socketPathOf(libraryPath);
  const server = await listenLocally(
    socketPath,
    createRequestHandler({ ...http, statics: null }),
    connections,
  );
  const lifetime = new Lifetime({
    owner,
    parent: process.stdin,
    clients: () => connections.count,
    hadClient: () => connections.total > 0,
    isBusy: () => content.isBusy(),
    lingerMs: LINGER_MS,
    firstClientMs: FIRST_CLIENT_MS,
    end,
  });
  log.info({ libraryPath, socketPath, owner, node: process.versions.node }, 'the engine listens');

  const ended = asked.then(async (why) => {
    lifetime.stop();
    log.info({ why }, 'the engine ends');
    // Nobody new comes in; who dials from now on starts an engine of its own and waits for the lock.
    const closed = closeServer(server);
    connections.close();
    await browser.close();
    await content.close();
    await closed;
    lock.release();
    return why;
  });
  return { socketPath, ended };
}

/** By then nobody reads standard error: without this line a crash would leave no trace. */
function recordCrashes(log: Log): void {
  process.on('uncaughtException', (err) => {
    log.fatal({ err }, 'the engine crashed');
    process.exit(1);
  });
}

/** Closing removes the socket's file, too. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
