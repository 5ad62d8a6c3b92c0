import { once } from 'node:events';
import { openInBrowser } from '../output/open-in-browser.ts';
import { command } from '../syntax/definition.ts';

export const serveCommand = command({
  name: 'serve',
  summary: "open the studio's rooms to a browser on this machine",
  details:
    'Listens on the loopback address only, behind a token that the printed address carries once. From another machine: ssh -L PORT:127.0.0.1:PORT HOST. Runs until Ctrl+C.',
  arguments: [],
  options: {
    port: { type: 'integer', min: 0, max: 65_535, default: 0, help: 'which port (0: any free one)' },
    open: { type: 'flag', help: 'open the address in the browser' },
  },
  examples: ['serve --open', 'serve --port 8300'],
  async run({ options }, session) {
    const connection = await session.connection();
    const { client } = connection;
    const { url, port } = await client.system.serve({ port: options.port });
    // The address has to be there before this command ends: it is printed at once, not as the result.
    process.stdout.write(session.json ? `${JSON.stringify({ url, port })}\n` : `${url}\n`);
    session.progress.say('The address works for one browser. Ctrl+C ends it.');
    if (options.open) openInBrowser(url);
    const stopped = session.interrupted.aborted ? Promise.resolve() : once(session.interrupted, 'abort');
    const reason = await Promise.race([stopped.then(() => null), connection.closed]);
    if (reason === null) await client.system.unserve({}).catch(() => undefined);
    return { json: undefined, text: '' };
  },
});
