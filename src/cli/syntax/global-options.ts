import type { OptionDefinitions } from './definition.ts';

/** Options that every command takes. */
export const GLOBAL_OPTIONS = {
  library: {
    type: 'text',
    value: 'DIR',
    help: 'the library to work on (default: PLUMAGE_LIBRARY, else your data folder)',
  },
  json: { type: 'flag', help: 'print exactly one JSON object on standard output' },
  quiet: { type: 'flag', help: 'show no progress' },
  help: { type: 'flag', help: 'show this help' },
} as const satisfies OptionDefinitions;
