/** Rate and time left of something that runs evenly, from what was done since `startMs`. */
export function rateSince(startMs: number) {
  return (
    { done, total }: { readonly done: number; readonly total: number },
    nowMs: number,
  ): { perSecond: number | null; secondsLeft: number | null } => {
    const seconds = (nowMs - startMs) / 1000;
    if (seconds < 2 || done < total / 200) return { perSecond: null, secondsLeft: null };
    const perSecond = done / seconds;
    return { perSecond, secondsLeft: (total - done) / perSecond };
  };
}
