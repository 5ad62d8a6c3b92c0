import { stopRunning } from './processes.mjs';
import { say } from './report.mjs';

export const INTERRUPTED =
  'Set-up was interrupted. Run the same command again: the steps that were finished are kept, this one starts over (packages that npm has fetched come from its cache).';

/**
 * Does one step of set-up; Ctrl+C ends its programs first, so that none of them works on while the next set-up begins,
 * and then this process. A second Ctrl+C does not wait.
 *
 * @template T
 * @param {() => Promise<T>} work
 */
export async function goingOnLater(work) {
  let isStopped = false;
  const stop = async (signal) => {
    const code = signal === 'SIGTERM' ? 143 : 130;
    if (isStopped) process.exit(code);
    isStopped = true;
    say(INTERRUPTED);
    await stopRunning();
    process.exit(code);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
