import { availableParallelism } from 'node:os';
import process from 'node:process';
import { serveTask } from '../host/serve-task.ts';
import { importFolder } from './import-folder.ts';

// libvips decodes on the pool's threads, one an image: one for each processor, and two for reading and writing files.
// The pool is made at its first use, which is after this line.
process.env['UV_THREADPOOL_SIZE'] ??= String(availableParallelism() + 2);

serveTask({ import: importFolder });
