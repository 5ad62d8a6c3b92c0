import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { PAGE_HEADERS } from '#shared/rpc/page-policy.ts';
import { COMMON_HEADERS, answerText } from '../http/answer.ts';
import { type RequestHandler, parseUrl } from '../http/handler.ts';
import type { Connections } from '../rpc/connections.ts';
import { hasSession, originProblem } from './guard.ts';
import { listenError } from './listen-error.ts';
import { Tickets } from './tickets.ts';

const NO_TICKET = 'This link was used already or is too old. Run "plumage serve" again for a fresh one.';

export interface BrowserServerOptions {
  readonly handler: RequestHandler;
  readonly connections: Connections;
  onRefused(refusal: { readonly code: string; readonly message: string }): void;
}

/** Opens the studio to browsers of this machine: loopback only, one-time link, cookie, own page only. */
export class BrowserServer {
  readonly #options: BrowserServerOptions;
  readonly #tickets = new Tickets();
  #server: Server | null = null;
  #port = 0;

  constructor(options: BrowserServerOptions) {
    this.#options = options;
  }

  get port(): number | null {
    return this.#server === null ? null : this.#port;
  }

  /**
   * Listens (once; 0 lets the system choose the port) and gives a link that is good for one browser.
   * @throws UserError `port-in-use`, `no-permission`
   */
  async open(port: number): Promise<{ readonly url: string; readonly port: number }> {
    if (this.#server !== null && port !== 0 && port !== this.#port) await this.close();
    if (this.#server === null) await this.#listen(port);
    return { url: `http://127.0.0.1:${this.#port}/?token=${this.#tickets.issue()}`, port: this.#port };
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      this.#options.connections.close('browser');
    });
  }

  async #listen(port: number): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response));
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(port, error)));
      server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Cookies do not know ports: two studios on one machine need two names. */
  get #cookieName(): string {
    return `plumage-${this.#port}`;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const problem = originProblem(request, false);
    if (problem !== null) return this.#refuse(response, problem);
    const url = parseUrl(request.url);
    const token = url?.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null) return this.#redeem(token, request, response);
    if (!hasSession(request, this.#cookieName, this.#tickets)) return this.#refuse(response, NO_TICKET);
    void this.#options.handler(request, response);
  }

  #redeem(token: string, request: IncomingMessage, response: ServerResponse): void {
    const session = this.#tickets.redeem(token);
    // Reloading the link in the browser that used it is no reason to complain.
    if (session === null && !hasSession(request, this.#cookieName, this.#tickets))
      return this.#refuse(response, NO_TICKET);
    const cookie =
      session === null
        ? {}
        : { 'set-cookie': `${this.#cookieName}=${session}; HttpOnly; SameSite=Strict; Path=/` };
    response.writeHead(303, { ...COMMON_HEADERS, ...cookie, location: '/', 'cache-control': 'no-store' });
    response.end();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const isRpc = parseUrl(request.url)?.pathname === '/rpc';
    const problem = isRpc ? originProblem(request, true) : 'There is nothing here.';
    if (problem === null && hasSession(request, this.#cookieName, this.#tickets)) {
      this.#options.connections.accept(request, socket, head, 'browser');
      return;
    }
    this.#options.onRefused({ code: 'upgrade', message: problem ?? NO_TICKET });
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  }

  #refuse(response: ServerResponse, message: string): void {
    this.#options.onRefused({ code: 'request', message });
    answerText(response, 403, message, PAGE_HEADERS);
  }
}
