import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { ADAPTERS, reasonWithout } from './adapters/index.ts';
import type { ParityCase } from './case.ts';
import { shareOfTolerance } from './learn-fixture.ts';
import { withReadMarks } from './read-marks.ts';

/**
 * Every reference case of the folder that PLUMAGE_FIXTURES names (test/fixtures by default) is one test: our function's
 * value and gradients against the reference's at the stated tolerance. What has no function yet is skipped and named; a
 * param that its adapter does not read is a failure, as the numbers could then only agree by chance.
 */
const folder = process.env['PLUMAGE_FIXTURES'] ?? fileURLToPath(new URL('../fixtures', import.meta.url));
const topics = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.json'))
  .map((path) => path.slice(0, -'.json'.length))
  .sort();

const skipped = new Map<string, number>();
function skipFor(topic: string, reason: string): string {
  const line = `${topic}: ${reason}`;
  skipped.set(line, (skipped.get(line) ?? 0) + 1);
  return reason;
}

test('there are reference cases', () => {
  expect(topics.length).toBeGreaterThan(0);
});

for (const topic of topics) {
  const file = JSON.parse(readFileSync(join(folder, `${topic}.json`), 'utf8')) as {
    about: Record<string, unknown>;
    cases: Omit<ParityCase, 'topic' | 'folder' | 'about'>[];
  };
  describe(topic, () => {
    test.for(file.cases.map((example) => [example.name, example] as const))(
      '%s',
      async ([, example], { skip }) => {
        // A file of another name says what it is about.
        const known = [topic, String(file.about['topic'])].find((name) => Object.hasOwn(ADAPTERS, name));
        const adapter = ADAPTERS[known ?? ''];
        if (known === undefined || !adapter) return skip(skipFor(topic, reasonWithout(topic)));
        const { params, unread } = withReadMarks(example.params);
        const place = { topic: known, folder: dirname(join(folder, topic)), about: file.about };
        const outcome = await adapter({ ...example, ...place, params });
        if ('skip' in outcome) return skip(skipFor(topic, outcome.skip));
        expect(unread(), 'params that the adapter does not read').toEqual([]);
        expect(outcome.length).toBeGreaterThan(0);
        for (const { what, got, want, abs, rel } of outcome) {
          if (abs === 0 && rel === 0) expect(Array.from(got), what).toEqual(Array.from(want));
          else
            expect(
              shareOfTolerance(got, want, { abs, rel }),
              `${what}, as a share of the tolerance`,
            ).toBeLessThanOrEqual(1);
        }
        return undefined;
      },
    );
  });
}

afterAll(() => {
  for (const [line, cases] of skipped)
    process.stdout.write(`skipped ${cases} ${cases === 1 ? 'case' : 'cases'} of ${line}\n`);
});
