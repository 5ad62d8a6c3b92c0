/**
 * Runs `work` on every item with at most `limit` in flight; items are taken as places get free, so `items` may be an
 * endless generator. After the first failure nothing new starts; the failure is thrown when those in flight have ended.
 */
export async function forEachConcurrently<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false;
  let failure: unknown;
  const inFlight = new Set<Promise<void>>();
  for await (const item of items) {
    const task: Promise<void> = work(item)
      .catch((error: unknown) => {
        if (!failed) failure = error;
        failed = true;
      })
      .finally(() => inFlight.delete(task));
    inFlight.add(task);
    if (inFlight.size >= limit) await Promise.race(inFlight);
    if (failed) break;
  }
  await Promise.all(inFlight);
  if (failed) throw failure;
}
