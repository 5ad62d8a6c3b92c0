import '@fontsource-variable/inter/wght.css';
import { mount } from 'svelte';
import Root from '../../src/renderer/Root.svelte';
import { fakeConnect } from '../../src/renderer/testing/fake-client.ts';
import '../../src/renderer/ui/base.css';
import '../../src/renderer/ui/tokens.css';
import { roomsEngine } from '../../src/renderer/testing/rooms-engine.ts';
import { realSettings } from './real-settings.ts';

/** `?room=runs&theme=dark&empty` */
const asked = new URLSearchParams(location.search);
const theme = asked.get('theme');
if (theme !== null) document.documentElement.dataset['theme'] = theme;
const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app.');
mount(Root, {
  target,
  props: {
    connect: fakeConnect(roomsEngine({ empty: asked.has('empty'), ...realSettings })),
    onApp: (app: { studio: { go(room: string): void; inspectorOpen: boolean } }) => {
      app.studio.go(asked.get('room') ?? 'splits');
      app.studio.inspectorOpen = !asked.has('wide');
    },
  },
});
