import { z } from 'zod';
import { type ContractShape, type HandlersOf, call, stream } from '#shared/contract/definition.ts';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';

const Empty = z.strictObject({});

/** A contract with one method for each thing that can happen. */
export const toyContract = {
  toy: {
    calls: {
      echo: call({ input: z.strictObject({ text: z.string().max(20_000_000) }), output: z.string() }),
      add: call({ input: z.strictObject({ a: z.number(), b: z.number().default(1) }), output: z.number() }),
      nothing: call({ input: Empty, output: z.void() }),
      wait: call({ input: Empty, output: z.void() }),
      refuse: call({ input: Empty, output: z.void(), errors: ['port-in-use'] }),
      cancelItself: call({ input: Empty, output: z.void() }),
      crash: call({ input: Empty, output: z.void() }),
      lie: call({ input: Empty, output: z.string() }),
      who: call({ input: Empty, output: z.string() }),
      huge: call({ input: Empty, output: z.string() }),
    },
    streams: {
      count: stream({ input: z.strictObject({ to: z.int() }), item: z.int() }),
      manual: stream({ input: Empty, item: z.int() }),
      breaks: stream({ input: Empty, item: z.int() }),
    },
  },
} satisfies ContractShape;

export type ToyContract = typeof toyContract;

/** What the tests watch and steer while the handlers run. */
export class ToyWorld {
  readonly events: string[] = [];
  readonly #watchers = new Set<() => void>();
  #source: number[] = [];
  #closed = false;

  note(event: string): void {
    this.events.push(event);
    this.#wake();
  }

  push(item: number): void {
    this.#source.push(item);
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Waits until the handlers have noted an event. */
  async noted(event: string): Promise<void> {
    while (!this.events.includes(event)) await this.#change();
  }

  async *source(): AsyncGenerator<number> {
    while (true) {
      const item = this.#source.shift();
      if (item !== undefined) {
        yield item;
        // Runs when the reader asks for more, so the item has been taken over by then.
        this.note(`took ${item}`);
      } else if (this.#closed) return;
      else await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      const watcher = (): void => {
        this.#watchers.delete(watcher);
        resolve();
      };
      this.#watchers.add(watcher);
    });
  }

  #wake(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}

export function toyHandlers(world: ToyWorld): HandlersOf<ToyContract> {
  return {
    toy: {
      echo: ({ text }) => text,
      add: ({ a, b }) => a + b,
      nothing: () => undefined,
      wait: async (_input, { signal }) => {
        world.note('waiting');
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        world.note('aborted');
        throw new Cancelled();
      },
      refuse: () => {
        throw new UserError('port-in-use', 'Port 80 is taken. Choose another.', { details: { port: 80 } });
      },
      cancelItself: () => {
        throw new Cancelled('Stopped.');
      },
      crash: () => {
        throw new TypeError('secretly undefined');
      },
      lie: () => 42 as unknown as string,
      who: (_input, { client }) => client.name,
      huge: () => 'x'.repeat(9 * 1024 * 1024),
      async *count({ to }) {
        for (let i = 1; i <= to; i++) {
          await Promise.resolve();
          yield i;
        }
      },
      manual: (_input, { signal }) => {
        signal.addEventListener('abort', () => world.note('stream aborted'));
        world.note('stream opened');
        return world.source();
      },
      async *breaks() {
        yield 1;
        await world.noted('go on');
        throw new UserError('worker-died', 'The worker is gone. Start the job again.');
      },
    },
  };
}
