import { getContext, setContext } from 'svelte';
import type { App } from './app.svelte.ts';

const KEY = Symbol('plumage app');

/** Everything that rooms share, made once in main.ts (or by a test) and handed down by context. */
export function provideApp(app: App): void {
  setContext(KEY, app);
}

/** The shared state, from any component: `const app = useApp()`. */
export function useApp(): App {
  const app = getContext<App | undefined>(KEY);
  if (app === undefined) throw new Error('useApp() was called outside the app.');
  return app;
}
