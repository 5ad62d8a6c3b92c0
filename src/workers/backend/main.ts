import { reportBackends } from './report.ts';

/** Prints the backends of this machine as one line of JSON: the engine runs it as a child, since loading may fail badly. */
process.stdout.write(`${JSON.stringify(await reportBackends())}\n`);
