import { hardTriple } from './losses/hard-triple.ts';
import type { Method } from './losses/method.ts';
import { normalizedSoftmax } from './losses/normalized-softmax.ts';
import { softTriple } from './losses/soft-triple.ts';

export type { BuiltMethod, Method, MethodContext, MethodFacts } from './losses/method.ts';

/** Every method that a run may name. */
export const methods: readonly Method[] = [softTriple, hardTriple, normalizedSoftmax];

export const findMethod = (id: string): Method | undefined => methods.find((method) => method.id === id);
