import path from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

/** Set-up builds into a temporary folder and swaps it in. */
const out = (name: string): string =>
  path.resolve(import.meta.dirname, process.env.PLUMAGE_OUT ?? 'out', name);
const at = (...parts: string[]) => path.resolve(import.meta.dirname, ...parts);

/**
 * The window: main as one ES module, preload as one CommonJS file (a sandboxed preload must be), the renderer.
 * Targets are those of the oldest Electron that set-up may bring (33), not of the one that types come from.
 */
export default defineConfig({
  main: {
    build: {
      target: 'node20.18',
      outDir: out('main'),
      // Bundled whole, so that a package needs no node_modules; electron and built-ins stay outside.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src/main/main.ts') },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        // Optional accelerators of ws: it runs without them.
        external: ['bufferutil', 'utf-8-validate'],
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      outDir: out('preload'),
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    base: './',
    plugins: [svelte({ configFile: at('svelte.config.js') })],
    build: {
      target: 'chrome130',
      outDir: out('renderer'),
      emptyOutDir: true,
      rollupOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
});
