/** The wished name, or the wished name with the first number from 2 that is free. */
export function freeName(wished: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wished)) return wished;
  for (let number = 2; ; number++) {
    const name = `${wished} ${number}`;
    if (!isTaken(name)) return name;
  }
}
