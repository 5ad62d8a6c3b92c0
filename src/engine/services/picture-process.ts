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
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | null = null;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(entry = entryOf('workers/picture')) {
    this.#entry = entry;
  }

  /** @returns a JPEG @throws UserError not-found, bad-image, worker-died */
  resize(request: Omit<PictureRequest, 'id'>): Promise<Uint8Array> {
    clearTimeout(this.#idle);
    const child = (this.#child ??= this.#start());
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      child.send({ id, ...request } satisfies PictureRequest, () => undefined);
    });
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#child?.kill();
  }

  #start(): ChildProcess {
    const child = fork(this.#entry, {
      serialization: 'advanced',
      execPath: process.execPath,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (reply: PictureReply) => this.#take(reply));
    const gone = (): void => {
      if (this.#child === child) this.#child = null;
      for (const waiting of this.#waiting.values())
        waiting.reject(
          new UserError(
            'worker-died',
            'The process that resizes pictures ended at this one. Look at the file: it may be damaged.',
          ),
        );
      this.#waiting.clear();
    };
    child.once('exit', gone);
    child.once('error', gone);
    return child;
  }

  #take(reply: PictureReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('jpeg' in reply) waiting?.resolve(reply.jpeg);
    else waiting?.reject(new UserError(reply.code, reply.message));
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#child?.kill(), IDLE_MS).unref();
  }
}
