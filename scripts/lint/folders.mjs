/**
 * What each folder of src may import: the picture in docs/architecture.md as data.
 * `folders` are other top folders; `late` are paths that only a dynamic import() may name; `paths` are single
 * modules outside `folders`; `packages` (where given) are the only packages; `builtins` tells whether node: modules
 * may be used; `typesOnly` are folders of which only types may be imported.
 */
export const FOLDERS = {
  shared: { folders: [], packages: ['zod'], builtins: false },
  learn: { folders: ['shared'], packages: ['@tensorflow/tfjs-core', 'zod'], builtins: false },
  search: { folders: ['shared', 'learn'], builtins: true },
  images: { folders: ['shared'], builtins: true },
  formats: { folders: ['shared'], builtins: true },
  datasets: { folders: ['shared', 'learn', 'search', 'images', 'formats'], builtins: true },
  catalog: { folders: ['shared', 'formats'], builtins: true },
  engine: {
    folders: ['shared', 'formats', 'catalog'],
    late: ['learn/registry.ts', 'learn/config.ts', 'learn/sweep/trials.ts'],
    builtins: true,
  },
  workers: {
    folders: ['shared', 'learn', 'search', 'images', 'formats', 'datasets', 'catalog'],
    builtins: true,
  },
  main: { folders: ['shared'], paths: ['engine/process/connect.ts'], electron: true, builtins: true },
  preload: { folders: ['shared'], electron: true, builtins: false },
  renderer: { folders: ['shared'], typesOnly: ['shared/contract', 'shared/domain'], builtins: false },
  cli: { folders: ['shared'], paths: ['engine/process/connect.ts'], builtins: true },
};

/** Tests may reach what they test against, wherever it lies; Electron stays where it is. */
export const isTest = (file) => /\.test\.ts$|[/\\]testing[/\\]/.test(file);
