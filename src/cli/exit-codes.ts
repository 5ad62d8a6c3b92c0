/** What a script may rely on: 0 done, 1 failed, 2 bad usage or input, 3 not found, 4 busy or conflict, 130 interrupted. */
const EXIT_CODES: Readonly<Record<string, number>> = {
  'bad-input': 2,
  'unknown-method': 2,
  'config-invalid': 2,
  'not-found': 3,
  conflict: 4,
  'port-in-use': 4,
  cancelled: 130,
};

export const exitCodeOf = (code: string): number => EXIT_CODES[code] ?? 1;
