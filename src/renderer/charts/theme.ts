import type { Palette } from './line-svg.ts';

/** Which token each role of a chart takes. */
const TOKENS = {
  accent: '--accent',
  second: '--warn',
  third: '--hit',
  fourth: '--miss',
  muted: '--line-strong',
  text: '--text-quiet',
  grid: '--line',
  surface: '--surface',
} as const satisfies Record<keyof Palette, string>;

/** CSS for markup: follows the theme by itself. */
export function toneColor(tone: keyof Palette): string {
  return `var(${TOKENS[tone]})`;
}

/** For canvases and files, which cannot read tokens: the colours as they are now around `element`. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  element.append(probe);
  const entries = Object.entries(TOKENS).map(([role, token]) => {
    probe.style.color = `var(${token})`;
    return [role, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(entries) as Palette;
}

/** Calls back when light turns to dark or back, by the system or by the studio's own switch. */
export function onThemeChange(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  });
  media.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    media.removeEventListener('change', listener);
  };
}
