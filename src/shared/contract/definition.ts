import type { z } from 'zod';

/** A request with one answer. `errors` lists the codes that a client may want to tell apart. */
export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly input: I;
  readonly output: O;
  readonly errors: readonly string[];
}

/** A subscription: items arrive until either end closes it. A slow reader gets the latest item and how many it missed. */
export interface StreamDefinition<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly input: I;
  readonly item: T;
}

export interface ContractPart {
  readonly calls: Readonly<Record<string, CallDefinition>>;
  readonly streams: Readonly<Record<string, StreamDefinition>>;
}

export type ContractShape = Readonly<Record<string, ContractPart>>;

export function call<I extends z.ZodType, O extends z.ZodType>(definition: {
  input: I;
  output: O;
  errors?: readonly string[];
}): CallDefinition<I, O> {
  return { kind: 'call', errors: [], ...definition };
}

export function stream<I extends z.ZodType, T extends z.ZodType>(definition: {
  input: I;
  item: T;
}): StreamDefinition<I, T> {
  return { kind: 'stream', ...definition };
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface StreamItem<T> {
  readonly value: T;
  /** Items that were replaced by this one because the reader was slow. */
  readonly missed: number;
}

/** The client that a contract implies: `client.datasets.list({})`, `client.jobs.watch({})`. */
export type ClientOf<C extends ContractShape> = {
  readonly [P in keyof C]: {
    readonly [M in keyof C[P]['calls']]: (
      input: z.input<C[P]['calls'][M]['input']>,
      options?: CallOptions,
    ) => Promise<z.output<C[P]['calls'][M]['output']>>;
  } & {
    readonly [S in keyof C[P]['streams']]: (
      input: z.input<C[P]['streams'][S]['input']>,
      options?: CallOptions,
    ) => AsyncIterable<StreamItem<z.output<C[P]['streams'][S]['item']>>>;
  };
};

/** What a handler is told besides its input. */
export interface HandlerContext {
  readonly signal: AbortSignal;
  /** Who asks: written to the journal. */
  readonly client: { readonly name: string };
}

/** The handlers that a contract demands; one that is missing does not compile. */
export type HandlersOf<C extends ContractShape> = {
  readonly [P in keyof C]: {
    readonly [M in keyof C[P]['calls']]: (
      input: z.output<C[P]['calls'][M]['input']>,
      context: HandlerContext,
    ) => Promise<z.input<C[P]['calls'][M]['output']>> | z.input<C[P]['calls'][M]['output']>;
  } & {
    readonly [S in keyof C[P]['streams']]: (
      input: z.output<C[P]['streams'][S]['input']>,
      context: HandlerContext,
    ) => AsyncIterable<z.input<C[P]['streams'][S]['item']>>;
  };
};
