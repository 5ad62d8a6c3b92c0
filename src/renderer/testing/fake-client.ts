import type { Client } from '../../shared/contract/index.ts';
import type { Link, LinkListener, Transport } from '../client/connect.ts';

/** The calls and streams that a test answers; every other one fails with its name. */
export type FakeParts = { readonly [P in keyof Client]?: Partial<Client[P]> };

/** A client typed by the contract, without an engine. */
export function fakeClient(parts: FakeParts): Client {
  const quiet: FakeParts = { system: { changes: () => silence() }, jobs: { active: () => silence() } };
  const part = (name: keyof Client): unknown =>
    new Proxy(
      { ...quiet[name], ...parts[name] },
      {
        get(methods: Record<string, unknown>, method: string) {
          return (
            methods[method] ?? (() => Promise.reject(new Error(`The fake engine has no ${name}.${method}.`)))
          );
        },
      },
    );
  return new Proxy({} as Client, { get: (_, name: string) => part(name as keyof Client) });
}

/** A transport that has its engine at once. */
export function fakeConnect(parts: FakeParts): (listener: LinkListener) => Transport {
  const link: Link = {
    client: fakeClient(parts),
    fetchBlob: () => Promise.reject(new Error('The fake engine has no blobs.')),
    closed: new Promise(() => undefined),
  };
  return (listener) => {
    listener.linked(link);
    return { retry: () => undefined, stop: () => undefined };
  };
}

/** Items of a stream, then silence, as of an engine that has nothing more to tell. */
export async function* streamOf<T>(items: readonly T[]): AsyncIterable<{ value: T; missed: number }> {
  for (const value of items) yield { value, missed: 0 };
  await new Promise<never>(() => undefined);
}

function silence(): ReturnType<typeof streamOf<never>> {
  return streamOf<never>([]);
}
