const stream = process.stderr;
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
  if (openBar) stream.write('\n');
  openBar = false;
  stream.write(`${text}\n`);
}

/** What a line of progress says, e.g. `120 MB of 274 MB, 31 MB/s, 5 s left`. */
export function progressText({ done, total, seconds, format }) {
  const rate = seconds > 0 ? done / seconds : 0;
  const parts = [total ? `${format(done)} of ${format(total)}` : format(done)];
  if (rate > 0 && seconds >= 1) parts.push(`${format(rate)}/s`);
  if (total && rate > 0 && seconds >= 2 && done < total)
    parts.push(`${formatSeconds((total - done) / rate)} left`);
  return parts.join(', ');
}

/**
 * A bar that redraws on a terminal and is one line every few seconds elsewhere.
 *
 * @returns {{ update(done: number): void, end(): void }}
 */
export function progress(label, total, { format = (n) => String(Math.round(n)), everyMs = 4000 } = {}) {
  const startedAt = Date.now();
  let shownAt = startedAt;
  const line = (done) =>
    `  ${label}: ${progressText({ done, total, seconds: (Date.now() - startedAt) / 1000, format })}`;
  return {
    update(done) {
      const now = Date.now();
      if (now - shownAt < (stream.isTTY ? 200 : everyMs)) return;
      shownAt = now;
      stream.write(stream.isTTY ? `\r\x1b[2K${line(done)}` : `${line(done)}\n`);
      openBar = Boolean(stream.isTTY);
    },
    end() {
      if (openBar) stream.write('\r\x1b[2K');
      openBar = false;
    },
  };
}
