export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'plumage.theme';

/** Light or dark: the system's choice unless the person made one, which this computer remembers. */
export class ThemeState {
  choice = $state<ThemeChoice>('system');
  #systemDark = $state(false);

  constructor() {
    const media = matchMedia('(prefers-color-scheme: dark)');
    this.#systemDark = media.matches;
    media.addEventListener('change', (event) => (this.#systemDark = event.matches));
    const kept = localStorage.getItem(KEY);
    if (kept === 'light' || kept === 'dark') this.set(kept);
  }

  /** True when what is drawn is dark: canvases need to know. */
  get dark(): boolean {
    return this.choice === 'system' ? this.#systemDark : this.choice === 'dark';
  }

  set(choice: ThemeChoice): void {
    this.choice = choice;
    if (choice === 'system') {
      delete document.documentElement.dataset['theme'];
      localStorage.removeItem(KEY);
    } else {
      document.documentElement.dataset['theme'] = choice;
      localStorage.setItem(KEY, choice);
    }
  }

  /** The next choice, for one button and one command. */
  toggle(): void {
    this.set(this.dark ? 'light' : 'dark');
  }
}
