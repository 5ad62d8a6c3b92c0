import type { z } from 'zod';
import type { ContractShape, HandlerContext, HandlersOf } from '../contract/definition.ts';

/** One method of a contract joined with what answers it, with its types erased: the schemas stand guard at run time. */
export interface Method {
  readonly name: string;
  readonly kind: 'call' | 'stream';
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  run(input: unknown, context: HandlerContext): unknown;
}

type AnyHandler = (input: unknown, context: HandlerContext) => unknown;

/** Looks methods up by their full name, `runs.start`. Only what the contract names can be reached. */
export function createMethods<C extends ContractShape>(
  contract: C,
  handlers: HandlersOf<C>,
): ReadonlyMap<string, Method> {
  const methods = new Map<string, Method>();
  const all = handlers as Readonly<Record<string, Readonly<Record<string, AnyHandler>>>>;
  for (const [part, { calls, streams }] of Object.entries(contract)) {
    const answers = all[part] ?? {};
    for (const [key, { input, output }] of Object.entries(calls)) {
      methods.set(`${part}.${key}`, join(`${part}.${key}`, 'call', input, output, answers, key));
    }
    for (const [key, { input, item }] of Object.entries(streams)) {
      methods.set(`${part}.${key}`, join(`${part}.${key}`, 'stream', input, item, answers, key));
    }
  }
  return methods;
}

function join(
  name: string,
  kind: Method['kind'],
  input: z.ZodType,
  output: z.ZodType,
  answers: Readonly<Record<string, AnyHandler>>,
  key: string,
): Method {
  return {
    name,
    kind,
    input,
    output,
    run(value, context) {
      const handler = answers[key];
      if (handler === undefined) throw new Error(`Nothing answers ${name}.`);
      return handler.call(answers, value, context);
    },
  };
}
