/** For {@attach}: focuses what was just opened, once bits-ui has placed it; `choose` picks something inside it. */
export function focusWhenOpen(choose: (opened: HTMLElement) => HTMLElement | null | undefined) {
  return (opened: HTMLElement): (() => void) => {
    const frame = requestAnimationFrame(() => (choose(opened) ?? opened).focus());
    return () => cancelAnimationFrame(frame);
  };
}

/** Focuses the opened element itself. */
export const focusSoon = focusWhenOpen((opened) => opened);
