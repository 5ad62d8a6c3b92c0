// Serves the rooms with a fake engine in the page, pictures from the emoji packages: `node test/rooms/serve.mjs [port]`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { createServer } from 'vite';

const root = path.resolve(import.meta.dirname, '../..');

function pictures() {
  const read = (name) =>
    JSON.parse(readFileSync(path.join(root, `node_modules/@iconify-json/${name}/icons.json`), 'utf8'));
  const sets = ['twemoji', 'noto', 'noto-v1', 'fluent-emoji-flat', 'emojione', 'fxemoji'].map(read);
  const names = [
    'grinning-face',
    'beaming-face-with-smiling-eyes',
    'face-with-tears-of-joy',
    'winking-face',
    'smiling-face',
    'sleepy-face',
    'nerd-face',
    'astonished-face',
  ];
  return (imageId) => {
    const set = sets[(imageId - 1) % sets.length];
    const name = names[Math.floor((imageId - 1) / 6) % names.length];
    const icon = set.icons[name] ?? Object.values(set.icons)[imageId * 7];
    const side = Math.max(icon.width ?? set.width ?? 16, icon.height ?? set.height ?? 16);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 ${side} ${side}"><rect width="100%" height="100%" fill="white"/>${icon.body}</svg>`;
  };
}

export async function serveRooms(port = 0) {
  const draw = pictures();
  const server = await createServer({
    root: path.join(root, 'test/rooms'),
    configFile: false,
    logLevel: 'error',
    cacheDir: path.join(root, 'node_modules/.vite-rooms'),
    server: { port, host: '127.0.0.1', fs: { allow: [root] } },
    resolve: { alias: { '#shared': path.join(root, 'src/shared'), '#learn': path.join(root, 'src/learn') } },
    plugins: [
      svelte({ configFile: path.join(root, 'svelte.config.js') }),
      {
        name: 'media',
        configureServer(vite) {
          vite.middlewares.use('/media', (request, answer) => {
            answer.setHeader('content-type', 'image/svg+xml');
            answer.end(draw(Number(/\d+/.exec(request.url ?? '')?.[0] ?? 1)));
          });
        },
      },
    ],
  });
  await server.listen();
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await serveRooms(Number(process.argv[2] ?? 0));
  server.printUrls();
}
