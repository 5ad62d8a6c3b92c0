import { expect, it } from 'vitest';
import { PickleEnds } from './pickle-bytes.ts';
import { PickleReader, type PickleHost } from './pickle.ts';

const host: PickleHost = {
  global: (name) => {
    if (name === 'os.system') throw new Error(`refused ${name}`);
    return { global: name };
  },
  call: ({ global }, args) => ({ object: [global, ...args] }),
  persistent: (id) => ({ object: ['storage', id] }),
  refuse: (sentence) => {
    throw new Error(sentence);
  },
};
const read = (text: string): unknown =>
  new PickleReader(
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
    host,
  ).read();

it.each([
  ['numbers of protocol 0', '(lp0\nI1\naI01\naL7L\naF1.5\na.', [1, true, 7, 1.5]],
  ['small and large integers', '(K\x05M\x01\x02J\xff\xff\xff\xff\x8a\x01\xfet.', [5, 513, -1, -2]],
  ['an integer beyond exact numbers', '\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.', 2n ** 64n],
  [
    'dictionaries',
    '}(X\x01\x00\x00\x00aK\x01X\x01\x00\x00\x00bNu.',
    new Map<unknown, unknown>([
      ['a', 1],
      ['b', null],
    ]),
  ],
  ['memo and tuples', '\x80\x02K\x07q\x01h\x01\x86.', [7, 7]],
  ['texts of Python 2', "S'abc'\np0\n.", 'abc'],
  ['persistent ids', 'K\x03Q.', { object: ['storage', 3] }],
  ['frames and short texts', '\x80\x04\x95\x03\x00\x00\x00\x00\x00\x00\x00\x8c\x01a\x94.', 'a'],
])('reads %s', (_, text, value) => {
  expect(read(text)).toEqual(value);
});

it.each([
  ['a name that its host refuses', 'cos\nsystem\n(S"rm"\ntR.', /refused os\.system/],
  ['a name from the stack', '\x8c\x02os\x8c\x06system\x93.', /refused os\.system/],
  ['instances of classes', '(ios\nsystem\n.', /instruction 0x69/],
  ['an extension code', '\x82\x01.', /instruction 0x82/],
  ['an empty stack', '.', /damaged/],
  ['a memo that was not written', 'h\x09.', /damaged/],
  ['items for what is no list', 'K\x01K\x02a.', /damaged/],
  ['a call of a number', 'K\x01)R.', /damaged/],
])('refuses %s', (_, text, sentence) => {
  expect(() => read(text)).toThrow(sentence);
});

it.each(['', 'K', 'X\xff\x00\x00\x00abc', '(K\x01', '\x8b\xff\xff\x00\x00', 'I12'])(
  'says of %j that more should follow',
  (text) => {
    expect(() => read(text)).toThrow(PickleEnds);
  },
);
