import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { TestContext } from 'vitest';

/**
 * Tests that go on where the last one ended: after one that failed the rest are skipped, and a picture of what a user
 * would have seen lies beside the report.
 */
export function chain(page: () => Page | undefined): {
  before: (context: TestContext) => void;
  after: (context: TestContext) => Promise<void>;
} {
  let failed: string | undefined;
  return {
    before: (context) =>
      context.skip(failed !== undefined, `it goes on from "${failed ?? ''}", which failed`),
    after: async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      failed = task.name;
      const path = join(tmpdir(), `plumage-failed-${task.name.replaceAll(/\W+/g, '-').slice(0, 60)}.png`);
      await page()
        ?.screenshot({ path })
        .then(
          () => process.stderr.write(`A picture of the page: ${path}\n`),
          () => undefined,
        );
    },
  };
}
