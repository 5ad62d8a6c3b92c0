import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { SetupProblem } from './problem.mjs';

/** The full path of a program on PATH, or undefined. */
export function which(name, env = process.env) {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
    for (const ending of endings) {
      const file = path.join(folder, name + ending);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next folder.
      }
    }
  }
  return undefined;
}

const running = new Set();
let isStopping = false;

/** Ends what `run` started and waits until it is gone; whoever waits for its result hears no more of it. */
export async function stopRunning() {
  isStopping = true;
  const ends = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)));
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(ends);
}

/**
 * Runs a program without a shell and gives what it printed. Each line may be watched as it arrives.
 *
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { cwd, env, onLine, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-200_000);
        const lines = (rest + text).split(/\r?\n|\r/);
        rest = lines.pop() ?? '';
        for (const line of lines) onLine?.(line);
      });
    }
    child.once('error', (error) => {
      running.delete(child);
      reject(error);
    });
    child.once('close', (code) => {
      running.delete(child);
      // A program that was stopped has not failed: nothing is to be concluded from its end.
      if (!isStopping) resolve({ code: code ?? 1, output });
    });
  });
}

/** As `run`, but a failure is a problem that shows the end of what was printed. */
export async function mustRun(what, command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const tail = output.trimEnd().split('\n').slice(-25).join('\n');
  throw new SetupProblem(`${what} failed (exit ${code}):\n${tail}`);
}

/**
 * Hands the terminal to a program and gives its exit code. Ctrl+C reaches it by the terminal's process group;
 * a signal sent to this process alone is passed on.
 */
export function handOver(command, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
    const pass = (name) => child.kill(name);
    const ignore = () => {};
    process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', ignore);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', ignore);
      resolve(signal === 'SIGINT' ? 130 : signal ? 1 : (code ?? 1));
    });
  });
}
