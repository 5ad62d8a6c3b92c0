import { type ChildProcess, fork } from 'node:child_process';
import { UserError } from '#shared/rpc/errors.ts';
import type { PictureReply, PictureRequest } from '#shared/worker/picture.ts';
import { entryOf } from '../process/program.ts';

interface Waiting {
  resolve(jpeg: Uint8Array): void;
  reject(error: Error): void;
}

const IDLE_MS = 60_000;

/**
 * Resizes originals outside the engine's own process: a picture that crashes or hangs a decoder costs that process, and
 * the next question starts another. It ends by itself after a minute without work.
 */
export class PictureProcess {
  readonly #entry: string;
  readonly #idleMs: number;
  #child: PictureChild | null = null;

  constructor(entry = entryOf('workers/picture'), idleMs = IDLE_MS) {
    this.#entry = entry;
    this.#idleMs = idleMs;
  }

  /** @returns a JPEG @throws UserError not-found, bad-image, worker-died */
  resize(request: Omit<PictureRequest, 'id'>): Promise<Uint8Array> {
    if (this.#child?.isOver ?? true) this.#child = new PictureChild(this.#entry, this.#idleMs);
    return this.#child!.ask(request);
  }

  close(): void {
    this.#child?.end();
  }
}

/** One process and those who wait for it: the end of one process says nothing to those who asked the next. */
class PictureChild {
  readonly #process: ChildProcess;
  readonly #idleMs: number;
  readonly #waiting = new Map<number, Waiting>();
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;
  /** It was told to end, or has ended: it takes no more questions. */
  isOver = false;

  constructor(entry: string, idleMs: number) {
    this.#idleMs = idleMs;
    this.#process = fork(entry, {
      serialization: 'advanced',
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#process.on('message', (reply: PictureReply) => this.#take(reply));
    this.#process.once('exit', () => this.#gone());
    this.#process.on('error', () => this.#gone());
  }

  ask(request: Omit<PictureRequest, 'id'>): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.send({ id, ...request } satisfies PictureRequest, () => undefined);
    });
  }

  end(): void {
    clearTimeout(this.#idle);
    this.isOver = true;
    this.#process.kill();
  }

  #take(reply: PictureReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('jpeg' in reply) waiting?.resolve(reply.jpeg);
    else waiting?.reject(new UserError(reply.code, reply.message));
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.end(), this.#idleMs).unref();
  }

  #gone(): void {
    this.isOver = true;
    clearTimeout(this.#idle);
    for (const waiting of this.#waiting.values())
      waiting.reject(
        new UserError(
          'worker-died',
          'The process that resizes pictures ended at this one. Look at the file: it may be damaged.',
        ),
      );
    this.#waiting.clear();
  }
}
