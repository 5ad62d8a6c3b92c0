import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from './catalog.ts';
import { openCatalog } from './open.ts';

/** For tests: a library of its own that is gone with `using`. */
export function temporaryCatalog(): { readonly catalog: Catalog; readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'plumage-library-'));
  const catalog = openCatalog(path);
  return {
    catalog,
    path,
    [Symbol.dispose]() {
      catalog.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
