import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { chromiumFlags, findChromium } from './scripts/testing/chromium.mjs';

/** Runs in Node; `*.svelte.test.ts` and `*.dom.test.ts` need a browser and belong to the component suite. */
const browserTests = ['src/renderer/**/*.svelte.test.ts', 'src/renderer/**/*.dom.test.ts'];
const executablePath = findChromium();

const node = (name: string, include: string[], options: { testTimeout?: number; serial?: boolean } = {}) => ({
  test: {
    name,
    include,
    exclude: [...browserTests, 'test/e2e/**'],
    environment: 'node' as const,
    setupFiles: ['scripts/testing/seed-properties.mjs'],
    // Child processes: native addons (sharp, better-sqlite3) are happier there than in threads.
    pool: 'forks' as const,
    testTimeout: options.testTimeout ?? 20_000,
    hookTimeout: options.testTimeout ?? 30_000,
    fileParallelism: !options.serial,
  },
});

export default defineConfig({
  test: {
    projects: [
      node('unit', ['src/**/*.test.ts', 'scripts/**/*.test.mjs']),
      node('parity', ['test/parity/**/*.test.ts'], { testTimeout: 120_000 }),
      node('contract', ['test/contract/**/*.test.ts'], { testTimeout: 60_000 }),
      node('security', ['test/security/**/*.test.ts'], { testTimeout: 60_000 }),
      node('faults', ['test/faults/**/*.test.ts'], { testTimeout: 180_000, serial: true }),
      {
        plugins: [svelte()],
        // Found before the first test: a dependency found later reloads the page under a running test.
        optimizeDeps: {
          entries: ['src/renderer/main.ts', ...browserTests],
          include: ['svelte', 'vitest-browser-svelte', 'axe-core'],
        },
        test: {
          name: 'component',
          include: browserTests,
          testTimeout: 20_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: chromiumFlags(), ...(executablePath ? { executablePath } : {}) },
            }),
            instances: [{ browser: 'chromium' }],
            viewport: { width: 1280, height: 800 },
          },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
