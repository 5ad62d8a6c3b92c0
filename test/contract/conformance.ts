import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ClientOf } from '#shared/contract/definition.ts';
import { createClientOf } from '#shared/rpc/client.ts';
import { BugError, Cancelled, UserError } from '#shared/rpc/errors.ts';
import type { Frame } from '#shared/rpc/frame.ts';
import type { Port } from '#shared/rpc/port.ts';
import { serveContract } from '#shared/rpc/server.ts';
import { type ToyContract, ToyWorld, toyContract, toyHandlers } from './toy.ts';

/** Two ends of one connection. `cut` breaks it as a crash would, without a goodbye. */
export interface Link {
  readonly client: Port;
  readonly server: Port;
  cut(): void;
  dispose(): Promise<void>;
}

const STREAMS = { toy: { count: true, manual: true, breaks: true } } as const;

/** What every transport has to do. */
export function describeTransport(name: string, connect: () => Promise<Link>): void {
  describe(`rpc over ${name}`, () => {
    let link: Link;
    let world: ToyWorld;
    let client: ClientOf<ToyContract>;
    let bugs: { method: string; error: unknown }[];
    let refused: { method: string | null; code: string }[];

    beforeEach(async () => {
      link = await connect();
      world = new ToyWorld();
      bugs = [];
      refused = [];
      void serveContract(toyContract, toyHandlers(world), link.server, {
        onBug: (bug) => bugs.push(bug),
        onRefused: (refusal) => refused.push(refusal),
        checkOutput: true,
      });
      client = createClientOf<ToyContract>(link.client, { name: 'conformance', streams: STREAMS });
    });

    afterEach(() => link.dispose());

    /** The next frame that the server sends, for tests that write frames by hand. */
    function nextFrame(match: (frame: Frame) => boolean): Promise<Frame> {
      return new Promise((resolve) => {
        const stop = link.client.onFrame((frame) => {
          if (!match(frame)) return;
          stop();
          resolve(frame);
        });
      });
    }

    it('answers calls, fills defaults and tells handlers who asks', async () => {
      expect(await client.toy.add({ a: 2 })).toBe(3);
      expect(await client.toy.nothing({})).toBeUndefined();
      expect(await client.toy.who({})).toBe('conformance');
    });

    it('carries unicode and a megabyte of text unchanged', async () => {
      const text = 'grüße 🐦 \u0000 '.repeat(80_000);
      expect(await client.toy.echo({ text })).toBe(text);
    });

    it('answers many calls at once, each with its own answer', async () => {
      const sums = await Promise.all(Array.from({ length: 200 }, (_, a) => client.toy.add({ a, b: 1000 })));
      expect(sums).toEqual(Array.from({ length: 200 }, (_, a) => a + 1000));
    });

    it('refuses wrong, missing and additional fields with bad-input that names them', async () => {
      await expect(client.toy.add({ a: 'two' as unknown as number })).rejects.toMatchObject({
        code: 'bad-input',
      });
      await expect(client.toy.add({ a: 1, c: 2 } as { a: number })).rejects.toThrow(/"c"/);
      expect(refused.map(({ method, code }) => ({ method, code }))).toEqual([
        { method: 'toy.add', code: 'bad-input' },
        { method: 'toy.add', code: 'bad-input' },
      ]);
    });

    it.each(['toy.missing', 'toy.count', 'toString', 'toy.__proto__', 'toy.constructor', ''])(
      'refuses the unknown call %j',
      async (method) => {
        const answer = nextFrame((frame) => frame.type === 'fail' && frame.id === 900);
        link.client.post({ type: 'call', id: 900, method, input: {} });
        expect(await answer).toMatchObject({ code: 'unknown-method' });
        expect(refused).toMatchObject([{ method, code: 'unknown-method' }]);
      },
    );

    it('refuses frames that are none and goes on', async () => {
      const answer = nextFrame((frame) => frame.type === 'fail' && frame.id === 901);
      link.client.post({ type: 'shout', id: 901 } as unknown as Frame);
      expect(await answer).toMatchObject({ code: 'bad-frame' });
      expect(await client.toy.add({ a: 1 })).toBe(2);
    });

    it('gives errors their class, code and details', async () => {
      const error = await client.toy.refuse({}).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect(error).toMatchObject({
        code: 'port-in-use',
        message: 'Port 80 is taken. Choose another.',
        details: { port: 80 },
      });
      await expect(client.toy.cancelItself({})).rejects.toBeInstanceOf(Cancelled);
      expect(bugs).toEqual([]);
    });

    it('tells a defect in general words, with details to copy, and logs it whole', async () => {
      const error = await client.toy.crash({}).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(BugError);
      expect((error as BugError).message).not.toContain('secretly');
      expect(JSON.stringify((error as BugError).details)).toContain('secretly undefined');
      expect(bugs).toMatchObject([{ method: 'toy.crash', error: { message: 'secretly undefined' } }]);
    });

    it('does not let an answer pass that the contract does not allow', async () => {
      await expect(client.toy.lie({})).rejects.toBeInstanceOf(BugError);
      expect(bugs).toHaveLength(1);
    });

    it('refuses what is too large, in both directions, and goes on', async () => {
      await expect(client.toy.echo({ text: 'x'.repeat(9 * 1024 * 1024) })).rejects.toMatchObject({
        code: 'too-large',
      });
      await expect(client.toy.huge({})).rejects.toMatchObject({ code: 'too-large' });
      expect(await client.toy.add({ a: 1 })).toBe(2);
    });

    it('cancels a call at both ends', async () => {
      const abort = new AbortController();
      const waiting = client.toy.wait({}, { signal: abort.signal });
      await world.noted('waiting');
      abort.abort();
      await expect(waiting).rejects.toBeInstanceOf(Cancelled);
      await world.noted('aborted');
      expect(bugs).toEqual([]);
      await expect(client.toy.add({ a: 1 }, { signal: abort.signal })).rejects.toBeInstanceOf(Cancelled);
    });

    it('streams every item to a reader that keeps up', async () => {
      const seen: number[] = [];
      world.push(1);
      for await (const { value, missed } of client.toy.manual({})) {
        seen.push(value);
        expect(missed).toBe(0);
        if (value === 3) world.close();
        else world.push(value + 1);
      }
      expect(seen).toEqual([1, 2, 3]);
    });

    it('gives a slow reader the latest item and how many it missed', async () => {
      const reader = client.toy.manual({})[Symbol.asyncIterator]();
      const first = reader.next();
      await world.noted('stream opened');
      world.push(1);
      expect(await first).toEqual({ done: false, value: { value: 1, missed: 0 } });
      for (const item of [2, 3, 4, 5]) world.push(item);
      await world.noted('took 5');
      expect(await reader.next()).toEqual({ done: false, value: { value: 5, missed: 3 } });
      world.push(6);
      world.close();
      expect(await reader.next()).toEqual({ done: false, value: { value: 6, missed: 0 } });
      expect(await reader.next()).toEqual({ done: true, value: undefined });
    });

    it('ends a stream after its last item', async () => {
      const values: number[] = [];
      let missed = 0;
      for await (const item of client.toy.count({ to: 50 })) {
        values.push(item.value);
        missed += item.missed;
      }
      expect(values.at(-1)).toBe(50);
      expect(values.length + missed).toBe(50);
    });

    it('stops the source when the reader leaves', async () => {
      world.push(7);
      for await (const { value } of client.toy.manual({})) {
        expect(value).toBe(7);
        break;
      }
      await world.noted('stream aborted');
    });

    it('forgets streams that are left with their end unread: the next call is not one too many', async () => {
      // A connection takes a thousand calls and streams at once.
      for (let i = 0; i < 1010; i++) {
        for await (const { value } of client.toy.count({ to: 3 })) {
          expect(value).toBeGreaterThan(0);
          // By the answer, the source has ended; its last item waits for a reader.
          await client.toy.nothing({});
          break;
        }
      }
      expect(await client.toy.add({ a: 1 })).toBe(2);
    });

    it('stops a stream by its signal', async () => {
      const abort = new AbortController();
      const reader = client.toy.manual({}, { signal: abort.signal })[Symbol.asyncIterator]();
      const next = reader.next();
      await world.noted('stream opened');
      abort.abort();
      await expect(next).rejects.toBeInstanceOf(Cancelled);
      await world.noted('stream aborted');
    });

    it('tells the error that ended a stream', async () => {
      const reader = client.toy.breaks({})[Symbol.asyncIterator]();
      expect(await reader.next()).toMatchObject({ value: { value: 1 } });
      world.note('go on');
      await expect(reader.next()).rejects.toMatchObject({ code: 'worker-died' });
      expect(await reader.next()).toEqual({ done: true, value: undefined });
    });

    it('rejects everything in flight when the connection is cut, and what is asked later', async () => {
      const call = client.toy.wait({});
      const item = client.toy.manual({})[Symbol.asyncIterator]().next();
      const outcomes = Promise.allSettled([call, item]);
      await world.noted('waiting');
      await world.noted('stream opened');
      link.cut();
      for (const outcome of await outcomes)
        expect(outcome).toMatchObject({ reason: { code: 'disconnected' } });
      await expect(client.toy.add({ a: 1 })).rejects.toMatchObject({ code: 'disconnected' });
      await world.noted('aborted');
      await world.noted('stream aborted');
    });

    it('tells the other end when one closes', async () => {
      await client.toy.nothing({});
      link.client.close();
      expect(await link.server.closed).toMatchObject({ code: 'closed' });
    });

    it('refuses a client of another version with a sentence', async () => {
      const other = await connect();
      try {
        void serveContract(toyContract, toyHandlers(world), other.server, {
          onBug: () => undefined,
          onRefused: (refusal) => refused.push(refusal),
        });
        const old = createClientOf<ToyContract>(other.client, { name: 'old', streams: STREAMS, version: 99 });
        await expect(old.toy.add({ a: 1 })).rejects.toMatchObject({ code: 'version-mismatch' });
        expect(refused).toContainEqual(expect.objectContaining({ code: 'version-mismatch' }));
      } finally {
        await other.dispose();
      }
    });
  });
}
