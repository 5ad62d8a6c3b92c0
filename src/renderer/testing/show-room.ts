import axe from 'axe-core';
import { render } from 'vitest-browser-svelte';
import Root from '../Root.svelte';
import type { App } from '../state/app.svelte.ts';
import type { RoomId } from '../state/studio.svelte.ts';
import '../ui/base.css';
import '../ui/tokens.css';
import { fakeConnect, type FakeParts } from './fake-client.ts';

/** Draws the whole studio in one of its rooms over a fake engine. */
export async function showRoom(room: RoomId, parts: FakeParts): Promise<App> {
  let app: App | undefined;
  await render(Root, {
    connect: fakeConnect(parts),
    onApp: (made: App) => {
      app = made;
      made.studio.go(room);
    },
  });
  if (app === undefined) throw new Error('The studio was not drawn.');
  return app;
}

/** What axe finds wrong inside the room, one line each; empty where all is well. */
export async function roomProblems(): Promise<string[]> {
  const main = document.querySelector('main');
  if (main === null) throw new Error('No room is drawn.');
  const { violations } = await axe.run(main);
  return violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`),
  );
}
