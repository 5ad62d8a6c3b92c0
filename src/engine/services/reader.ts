import { Worker } from 'node:worker_threads';
import { BugError, UserError } from '#shared/rpc/errors.ts';
import type { ReaderMap, ReaderOperation, ReaderReply } from '#shared/worker/reader.ts';
import { entryOf } from '../process/program.ts';

interface Waiting {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

const IDLE_MS = 60_000;

/**
 * Asks long questions of the catalogue in threads beside the engine's own: quick ones share a thread, which ends after a
 * minute without work; heavy ones (duplicates, splits, folders) get one each, so that scrolling never waits for them.
 */
export class Reader {
  readonly #libraryPath: string;
  readonly #idleMs: number;
  #shared: ReaderThread | null = null;
  #idle: NodeJS.Timeout | undefined;
  /** Questions that the shared thread has not answered yet. */
  #asked = 0;

  constructor(libraryPath: string, idleMs = IDLE_MS) {
    this.#libraryPath = libraryPath;
    this.#idleMs = idleMs;
  }

  async ask<K extends ReaderOperation>(
    operation: K,
    input: ReaderMap[K]['input'],
  ): Promise<ReaderMap[K]['output']> {
    if (operation !== 'query') {
      const thread = new ReaderThread(this.#libraryPath);
      try {
        return (await thread.ask(operation, input)) as ReaderMap[K]['output'];
      } finally {
        await thread.end();
      }
    }
    clearTimeout(this.#idle);
    if (this.#shared?.hasEnded ?? true) this.#shared = new ReaderThread(this.#libraryPath);
    const thread = this.#shared!;
    this.#asked++;
    try {
      return (await thread.ask(operation, input)) as ReaderMap[K]['output'];
    } finally {
      if (--this.#asked === 0) this.#idle = setTimeout(() => void this.close(), this.#idleMs).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#shared;
    this.#shared = null;
    await thread?.end();
  }
}

class ReaderThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  hasEnded = false;

  constructor(libraryPath: string) {
    this.#worker = new Worker(entryOf('workers/reader'), { workerData: { libraryPath } });
    this.#worker.unref();
    this.#worker.on('message', (reply: ReaderReply) => this.#take(reply));
    this.#worker.on('error', (error) =>
      this.#fail(error instanceof UserError ? error : new BugError(String((error as Error).stack))),
    );
    this.#worker.on('exit', () =>
      this.#fail(new UserError('worker-died', 'The reading thread ended. Try again.')),
    );
  }

  ask(operation: ReaderOperation, input: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, { resolve, reject });
      // While somebody waits, the thread keeps the process.
      this.#worker.ref();
      this.#worker.postMessage({ id, operation, input });
    });
  }

  async end(): Promise<void> {
    this.hasEnded = true;
    await this.#worker.terminate();
  }

  #take(reply: ReaderReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('output' in reply) waiting?.resolve(reply.output);
    else
      waiting?.reject(
        reply.code === 'bug' ? new BugError(reply.message) : new UserError(reply.code, reply.message),
      );
  }

  #fail(error: Error): void {
    this.hasEnded = true;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
