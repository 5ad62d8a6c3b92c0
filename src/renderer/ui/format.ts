/** How numbers, sizes and times are written everywhere. English, tabular, with units. */
const integer = new Intl.NumberFormat('en');

/** 12,345 */
export function formatCount(value: number): string {
  return integer.format(value);
}

/** "1 image", "12,345 images" */
export function formatPlural(value: number, one: string, many = `${one}s`): string {
  return `${integer.format(value)} ${value === 1 ? one : many}`;
}

/** Bytes with decimal units: 999 B, 12.3 kB, 4.56 GB. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** A span of time: "8 s", "3 min 20 s", "2 h 05 min". */
export function formatSeconds(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  if (total < 60) return `${total} s`;
  if (total < 3600) {
    const rest = total % 60;
    return rest === 0 ? `${Math.floor(total / 60)} min` : `${Math.floor(total / 60)} min ${rest} s`;
  }
  return `${Math.floor(total / 3600)} h ${String(Math.floor((total % 3600) / 60)).padStart(2, '0')} min`;
}

/** A time left that does not pretend to know seconds: "less than 10 s left", "about 3 min left". */
export function formatTimeLeft(seconds: number): string {
  if (seconds < 10) return 'less than 10 s left';
  if (seconds < 55) return `about ${Math.round(seconds / 5) * 5} s left`;
  if (seconds < 3570) return `about ${Math.max(1, Math.round(seconds / 60))} min left`;
  return `about ${formatSeconds(Math.round(seconds / 300) * 300)} left`;
}

/** A share as a percentage: 0.632 -> "63.2 %". */
export function formatPercent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** A measured number at fixed digits, with a true minus sign. */
export function formatNumber(value: number, digits = 3): string {
  return value.toFixed(digits).replace('-', '\u2212');
}

const dateTime = new Intl.DateTimeFormat('en', {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** Nov 22, 2026, 15:50 in the local time zone. */
export function formatDate(at: number): string {
  return dateTime.format(at);
}

/** "just now", "5 min ago", "3 h ago", else the date. */
export function formatAgo(at: number, now: number): string {
  const seconds = (now - at) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatDate(at);
}
