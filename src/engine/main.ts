import { runEngine } from './process/run.ts';
import { openContent } from './services/open-content.ts';

/** The engine: a local server that owns a library's catalogue and its workers. */
await runEngine(openContent);
