import type { Duplex } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { type Handlers, contract } from '#shared/contract/index.ts';
import { MAX_FRAME_BYTES } from '#shared/rpc/frame.ts';
import { serveContract } from '#shared/rpc/server.ts';
import { portOfWebSocket } from '#shared/rpc/websocket-port.ts';
import type { Log } from '../log/log.ts';

/** Which listener a client came through: the local socket, or the loopback port of `serve`. */
export type Door = 'local' | 'browser';

const GOING_AWAY = 1001;
const GOODBYE_MS = 200;

export interface ConnectionsOptions {
  readonly handlers: Handlers;
  readonly log: Log;
  readonly checkOutput: boolean;
}

/** Every client that is connected, by whichever door it came in. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #sockets = new Map<WebSocket, Door>();
  // A frame over the limit is answered with `too-large`; one over four times the limit ends the connection.
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: 4 * MAX_FRAME_BYTES,
    perMessageDeflate: false,
  });

  #total = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** How many ever came. */
  get total(): number {
    return this.#total;
  }

  get count(): number {
    return this.#sockets.size;
  }

  /** Takes over an upgrade request that was found good. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, door: Door): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#serve(webSocket, door));
  }

  /** Says goodbye to the clients of one door, or to all. */
  close(door?: Door): void {
    const leaving = [...this.#sockets].filter(([, through]) => door === undefined || through === door);
    for (const [socket] of leaving) socket.close(GOING_AWAY);
    // Whoever does not answer the goodbye in time is cut off.
    setTimeout(() => {
      for (const [socket] of leaving) socket.terminate();
    }, GOODBYE_MS).unref();
  }

  #serve(socket: WebSocket, door: Door): void {
    const { handlers, log, checkOutput } = this.#options;
    this.#sockets.set(socket, door);
    this.#total += 1;
    log.info({ door, clients: this.count }, 'a client has come');
    const port = portOfWebSocket(socket);
    const served = serveContract(contract, handlers, port, {
      onBug: ({ method, error }) => log.error({ method, err: error }, 'a defect'),
      onRefused: (refusal) => log.warn({ door, ...refusal }, 'refused'),
      checkOutput,
    });
    void served
      .then(() => port.closed)
      .then((reason) => {
        this.#sockets.delete(socket);
        log.info({ door, reason: reason.code, clients: this.count }, 'a client has left');
      });
  }
}
