import { expect, test } from 'vitest';
import { UserError } from '#shared/rpc/errors.ts';
import type { ArgumentDefinition, OptionDefinitions } from './definition.ts';
import { parseCommand } from './parse.ts';

const command = {
  name: 'train',
  arguments: [{ name: 'DATASET', help: 'its name', required: true }] as readonly ArgumentDefinition[],
  options: {
    split: { type: 'text', help: '' },
    seed: { type: 'integer', min: 0, default: 7, help: '' },
    share: { type: 'number', min: 0, max: 1, help: '' },
    kind: { type: 'text', choices: ['even', 'odd'], default: 'even', help: '' },
    set: { type: 'list', help: '' },
    dry: { type: 'flag', help: '' },
    k: { type: 'integer', help: '' },
  } satisfies OptionDefinitions,
};

const parse = (...words: string[]) => parseCommand(command, words);

function refusal(...words: string[]): string {
  try {
    parse(...words);
  } catch (error) {
    if (error instanceof UserError && error.code === 'bad-input') return error.message;
    throw error;
  }
  throw new Error(`${words.join(' ')} was accepted`);
}

test('reads options in any order, with defaults and repetitions', () => {
  const {
    arguments: words,
    options,
    global,
  } = parse('--set', 'a=1', 'Birds', '--seed=3', '--json', '--set', 'b=2', '--dry', '-k', '5');
  expect(words).toEqual(['Birds']);
  expect(options).toEqual({
    split: undefined,
    seed: 3,
    share: undefined,
    kind: 'even',
    set: ['a=1', 'b=2'],
    dry: true,
    k: 5,
  });
  expect(global).toEqual({ library: undefined, json: true, quiet: false, help: false });
});

test('defaults stand where nothing is given', () => {
  expect(parse('Birds').options).toMatchObject({ seed: 7, kind: 'even', set: [], dry: false });
});

test.each([
  [['Birds', '--sede', '3'], /"--sede" is not an option of "train"\. Did you mean "--seed"\?/],
  [['Birds', '--seed'], /--seed needs a value/],
  [['Birds', '--seed', 'three'], /--seed needs a number, not "three"/],
  [['Birds', '--seed', '1.5'], /whole number/],
  [['Birds', '--seed=-1'], /at least 0, not -1/],
  [['Birds', '--share', '2'], /from 0 to 1, not 2/],
  [['Birds', '--kind', 'evn'], /cannot be "evn"\. Did you mean "even"\? Possible: even, odd/],
  [['Birds', '--seed', '1', '--seed', '2'], /given 2 times/],
  [['Birds', '--dry=yes'], /--dry takes no value/],
  [[], /needs DATASET \(its name\)/],
  [['Birds', 'Cars'], /does not take "Cars" as well/],
])('%j is refused with a sentence', (words, sentence) => {
  expect(refusal(...words)).toMatch(sentence);
});

test('help asks for no arguments', () => {
  expect(parse('--help').global.help).toBe(true);
});

test('an argument with choices names the nearest', () => {
  const listing = {
    ...command,
    arguments: [{ name: 'VERB', help: '', required: false, choices: ['list', 'show'] }],
  };
  expect(() => parseCommand(listing, ['lst'])).toThrow(/Did you mean "list"\?/);
});
