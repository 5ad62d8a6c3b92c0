let openBar = false;

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB'];

export function formatBytes(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit < 2 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

export function formatSeconds(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** One line on standard error; standard output belongs to the command that runs afterwards. */
export function say(text) {
  const stream = process.stderr;
  if (openBar) stream.write('\n');
  openBar = false;
  stream.write(`${text}\n`);
}

const ESTIMATE_AFTER_SECONDS = 3;
const ESTIMATE_AFTER_SHARE = 0.02;

/**
 * What a line of progress says, e.g. `120 MB of 274 MB, 31 MB/s, 5 s left`. How long it takes is said once enough is
 * known of the rate; a total that turned out too small is said no more.
 */
export function progressText({ done, total, seconds, format }) {
  const rate = seconds > 0 ? done / seconds : 0;
  const isKnown = Boolean(total) && done <= total;
  const parts = [isKnown ? `${format(done)} of ${format(total)}` : format(done)];
  if (rate > 0 && seconds >= 1) parts.push(`${format(rate)}/s`);
  const isSteady = seconds >= ESTIMATE_AFTER_SECONDS && done >= total * ESTIMATE_AFTER_SHARE;
  if (isKnown && rate > 0 && isSteady && done < total)
    parts.push(`${formatSeconds((total - done) / rate)} left`);
  return parts.join(', ');
}

/**
 * A bar that redraws on a terminal and elsewhere is a line every few seconds in which something happened.
 *
 * @returns {{ update(done: number): void, end(summary?: string): void }} `end` takes the bar away and leaves one line
 * when there is something to sum up
 */
export function progress(
  label,
  total,
  { format = (n) => String(Math.round(n)), everyMs = 4000, stream = process.stderr } = {},
) {
  const startedAt = Date.now();
  let shown;
  let shownAt = startedAt;
  const line = (done) =>
    `  ${label}: ${progressText({ done, total, seconds: (Date.now() - startedAt) / 1000, format })}`;
  return {
    update(done) {
      const now = Date.now();
      if (now - shownAt < (stream.isTTY ? 200 : everyMs)) return;
      // A line that says what the last one said tells nobody anything; a bar's rate still changes.
      if (!stream.isTTY && done === shown) return;
      shownAt = now;
      shown = done;
      stream.write(stream.isTTY ? `\r\x1b[2K${line(done)}` : `${line(done)}\n`);
      openBar = Boolean(stream.isTTY);
    },
    end(summary) {
      if (openBar) stream.write('\r\x1b[2K');
      openBar = false;
      const took = formatSeconds((Date.now() - startedAt) / 1000);
      if (summary !== undefined) stream.write(`  ${label}: ${summary} in ${took}\n`);
    },
  };
}
