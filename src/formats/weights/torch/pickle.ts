import { PickleBytes } from './pickle-bytes.ts';

/** What a pickle may build here: plain values, and whatever the host makes of tensors. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | PickleMap
  | PickleGlobal
  | PickleObject;
export type PickleMap = Map<PickleValue, PickleValue>;

/** A name that the pickle may call: a function or class of Python that the host knows. */
export interface PickleGlobal {
  readonly global: string;
}

/** Something that the host made. */
export interface PickleObject {
  readonly object: unknown;
}

/** Decides what a pickle may name. Every method throws a sentence for what it does not know. */
export interface PickleHost {
  /** @param name such as `collections.OrderedDict` */
  global(name: string): PickleGlobal;
  call(callee: PickleGlobal, args: readonly PickleValue[]): PickleValue;
  persistent(id: PickleValue): PickleValue;
  refuse(sentence: string): never;
}

/** A stack as deep or a memo as large as this is no state of a network. */
const MOST_VALUES = 5_000_000;

const MARK = Symbol('mark');
type Slot = PickleValue | typeof MARK;

/**
 * Reads pickles of protocol 0 to 5 as data: a machine that knows containers, numbers and texts, and asks its host for
 * every name. Nothing is imported and nothing is run.
 */
export class PickleReader {
  readonly #bytes: PickleBytes;
  readonly #host: PickleHost;
  #stack: Slot[] = [];
  #memo = new Map<number, PickleValue>();

  /** @param bytes of one or several pickles after another */
  constructor(bytes: Uint8Array, host: PickleHost) {
    this.#bytes = new PickleBytes(bytes);
    this.#host = host;
  }

  /** Bytes read so far: where the next pickle begins. */
  get position(): number {
    return this.#bytes.position;
  }

  /** The next pickle's value. @throws PickleEnds where the bytes end before it does */
  read(): PickleValue {
    this.#stack = [];
    this.#memo = new Map();
    for (;;) {
      const code = this.#bytes.byte();
      if (code === 0x2e) return this.#pop();
      this.#step(code);
      if (this.#stack.length > MOST_VALUES || this.#memo.size > MOST_VALUES)
        this.#host.refuse('its list of objects is too large to be a network.');
    }
  }

  #step(code: number): void {
    const bytes = this.#bytes;
    switch (String.fromCharCode(code)) {
      case '(':
        return this.#push(MARK);
      case '0':
        return void this.#stack.pop();
      case '1':
        return void this.#toMark();
      case '2':
        return this.#push(this.#top());
      case 'N':
        return this.#push(null);
      case '\x88':
        return this.#push(true);
      case '\x89':
        return this.#push(false);
      case 'I':
        return this.#push(integer(bytes.line()));
      case 'L':
        return this.#push(integer(bytes.line().replace(/L$/, '')));
      case 'J':
        return this.#push(bytes.int32());
      case 'K':
        return this.#push(bytes.byte());
      case 'M':
        return this.#push(bytes.uint(2));
      case '\x8a':
        return this.#push(bytes.long(bytes.byte()));
      case '\x8b':
        return this.#push(bytes.long(bytes.uint(4)));
      case 'F':
        return this.#push(Number(bytes.line()));
      case 'G':
        return this.#push(bytes.float64());
      case 'X':
        return this.#push(bytes.text(bytes.uint(4)));
      case '\x8c':
        return this.#push(bytes.text(bytes.byte()));
      case '\x8d':
        return this.#push(bytes.text(bytes.uint(8)));
      case 'V':
        return this.#push(bytes.line());
      case 'S':
        return this.#push(bytes.line().replace(/^(['"])(.*)\1$/, '$2'));
      // Texts of Python 2 come as bytes.
      case 'U':
        return this.#push(bytes.text(bytes.byte()));
      case 'T':
        return this.#push(bytes.text(bytes.uint(4)));
      case 'C':
        return this.#push(bytes.take(bytes.byte()));
      case 'B':
        return this.#push(bytes.take(bytes.uint(4)));
      case '\x8e':
      case '\x96':
        return this.#push(bytes.take(bytes.uint(8)));
      case ')':
      case ']':
        return this.#push([]);
      case '}':
        return this.#push(new Map());
      case 't':
      case 'l':
        return this.#push(this.#toMark());
      case '\x85':
      case '\x86':
      case '\x87':
        return this.#push(this.#popMany(code - 0x84));
      case 'd':
        return this.#push(this.#pairsInto(new Map(), this.#toMark()));
      case 'a': {
        const item = this.#pop();
        this.#list().push(item);
        return;
      }
      case 'e': {
        const items = this.#toMark();
        const list = this.#list();
        for (const item of items) list.push(item);
        return;
      }
      case 's': {
        const pair = this.#popMany(2);
        return void this.#pairsInto(this.#map(), pair);
      }
      case 'u': {
        const pairs = this.#toMark();
        return void this.#pairsInto(this.#map(), pairs);
      }
      case '\x80':
        return void bytes.byte();
      case '\x95':
        return void bytes.uint(8);
      case 'q':
        return this.#remember(bytes.byte());
      case 'r':
        return this.#remember(bytes.uint(4));
      case 'p':
        return this.#remember(Number(bytes.line()));
      case '\x94':
        return this.#remember(this.#memo.size);
      case 'h':
        return this.#recall(bytes.byte());
      case 'j':
        return this.#recall(bytes.uint(4));
      case 'g':
        return this.#recall(Number(bytes.line()));
      case 'c': {
        const module = bytes.line();
        return this.#push(this.#host.global(`${module}.${bytes.line()}`));
      }
      case '\x93': {
        const [module, name] = this.#popMany(2);
        if (typeof module !== 'string' || typeof name !== 'string') return this.#damaged();
        return this.#push(this.#host.global(`${module}.${name}`));
      }
      case 'R': {
        const [callee, args] = this.#popMany(2);
        if (!isGlobal(callee) || !Array.isArray(args)) return this.#damaged();
        return this.#push(this.#host.call(callee, args));
      }
      case 'b': {
        // Attributes of an OrderedDict (`_metadata`) say nothing of its arrays; nothing else that is built has any.
        this.#pop();
        return void this.#top();
      }
      case 'Q':
        return this.#push(this.#host.persistent(this.#pop()));
      case 'P':
        return this.#push(this.#host.persistent(bytes.line()));
      default:
        return this.#host.refuse(
          `its pickle uses the instruction 0x${code.toString(16)}, which no state_dict needs.`,
        );
    }
  }

  #push(slot: Slot): void {
    this.#stack.push(slot);
  }

  #pop(): PickleValue {
    const slot = this.#stack.pop();
    return slot === undefined || slot === MARK ? this.#damaged() : slot;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length < count) return this.#damaged();
    return this.#stack.splice(-count).map((slot) => (slot === MARK ? this.#damaged() : slot));
  }

  #top(): PickleValue {
    const slot = this.#stack.at(-1);
    return slot === undefined || slot === MARK ? this.#damaged() : slot;
  }

  #list(): PickleValue[] {
    const top = this.#top();
    return Array.isArray(top) ? top : this.#damaged();
  }

  #map(): PickleMap {
    const top = this.#top();
    return top instanceof Map ? top : this.#damaged();
  }

  #toMark(): PickleValue[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) return this.#damaged();
    const items = this.#stack.splice(mark).slice(1) as PickleValue[];
    return items;
  }

  #pairsInto(map: PickleMap, flat: readonly PickleValue[]): PickleMap {
    if (flat.length % 2 !== 0) return this.#damaged();
    for (let i = 0; i < flat.length; i += 2) map.set(flat[i]!, flat[i + 1]!);
    return map;
  }

  #remember(key: number): void {
    this.#memo.set(key, this.#top());
  }

  #recall(key: number): void {
    if (!this.#memo.has(key)) return this.#damaged();
    this.#push(this.#memo.get(key)!);
  }

  #damaged(): never {
    return this.#host.refuse('its pickle is damaged. Fetch the file again.');
  }
}

const isGlobal = (value: PickleValue | undefined): value is PickleGlobal =>
  typeof value === 'object' && value !== null && 'global' in value;

/** Protocol 0 writes booleans as `01` and `00`. */
function integer(line: string): number | boolean {
  if (line === '01') return true;
  if (line === '00') return false;
  return Number(line);
}
