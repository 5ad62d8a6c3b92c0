import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vite';

const at = (...parts: string[]) => path.resolve(import.meta.dirname, ...parts);

/** `out/node/<name>.js` for every program that runs in Node 26: `engine`, `cli`, `workers/<name>`, `datasets/demo`. */
function entries(): Record<string, string> {
  const found: Record<string, string> = {};
  const add = (name: string, file: string): void => {
    if (existsSync(at(file))) found[name] = at(file);
  };
  add('engine', 'src/engine/main.ts');
  add('cli', 'src/cli/main.ts');
  add('datasets/demo', 'src/datasets/demo/main.ts');
  for (const worker of existsSync(at('src/workers')) ? readdirSync(at('src/workers')) : []) {
    add(`workers/${worker}`, `src/workers/${worker}/main.ts`);
  }
  return found;
}

export default defineConfig({
  // The library and its tests live elsewhere: nothing static belongs into this build.
  publicDir: false,
  build: {
    ssr: true,
    target: 'node26',
    outDir: path.resolve(import.meta.dirname, process.env.PLUMAGE_OUT ?? 'out', 'node'),
    emptyOutDir: true,
    sourcemap: true,
    minify: false,
    rollupOptions: {
      input: entries(),
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { target: 'node' },
});
