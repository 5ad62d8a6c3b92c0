/** The theme's colours as a canvas understands them: CSS resolves them, `light-dark()` included. */
export interface GridPalette {
  readonly dark: boolean;
  readonly placeholder: string;
  readonly surface: string;
  readonly text: string;
  readonly quiet: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly selected: string;
  readonly font: string;
}

export function readPalette(element: HTMLElement, dark: boolean): GridPalette {
  const probe = document.createElement('span');
  element.append(probe);
  const style = getComputedStyle(probe);
  const resolve = (token: string): string => {
    probe.style.color = `var(${token})`;
    return style.color;
  };
  const palette: GridPalette = {
    dark,
    placeholder: resolve('--hover'),
    surface: resolve('--surface'),
    text: resolve('--text'),
    quiet: resolve('--text-quiet'),
    accent: resolve('--accent'),
    onAccent: resolve('--on-accent'),
    selected: resolve('--accent-soft'),
    font: `${style.fontWeight} 12px ${style.fontFamily}`,
  };
  probe.remove();
  return palette;
}
