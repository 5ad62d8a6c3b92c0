import { expect, test } from 'vitest';
import { COMMANDS } from './commands/index.ts';
import { runCommandLine } from './run.ts';

async function run(...words: string[]) {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await runCommandLine(words, {
    out: (text) => void out.push(text),
    error: (text) => void errors.push(text),
  });
  return { code, out: out.join('\n'), errors: errors.join('\n') };
}

test('help lists every command', async () => {
  const { code, out } = await run('help');
  expect(code).toBe(0);
  for (const { name } of COMMANDS) expect(out).toContain(`  ${name}`);
});

test.each(COMMANDS.map(({ name }) => name))(
  '"%s --help" shows usage, options and an example',
  async (name) => {
    const { code, out } = await run(name, '--help');
    expect(code).toBe(0);
    expect(out).toContain(`Usage: plumage ${name}`);
    expect(out).toContain('--library DIR');
    expect(out).toContain(`  plumage ${name}`);
    expect((await run('help', name)).out).toBe(out);
  },
);

test('a mistake is a sentence on standard error and exit code 2', async () => {
  expect(await run('trian')).toEqual({
    code: 2,
    out: '',
    errors: '"trian" is not a command. Did you mean "train"? "plumage help" lists them.',
  });
});

test('with --json a failure is one object on standard output', async () => {
  const { code, out, errors } = await run('split', '--json');
  expect(code).toBe(2);
  expect(errors).toBe('');
  const parsed = JSON.parse(out) as { error: { code: string; message: string } };
  expect(parsed.error).toMatchObject({ code: 'bad-input', details: null });
  expect(parsed.error.message).toMatch(/needs DATASET/);
});

test('options may stand before the command', async () => {
  const { code, errors } = await run('--library', '/tmp', '--quiet', 'neighbors');
  expect(code).toBe(2);
  expect(errors).toMatch(/"neighbors" needs --query/);
});
