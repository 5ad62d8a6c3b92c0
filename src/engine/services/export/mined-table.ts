import type { ServiceContext } from '../service-context.ts';
import { withArrays } from '../stored-array.ts';
import type { Cell, Table } from './tables.ts';

const ROLES = ['anchor', 'positive', 'negative'] as const;

/**
 * The rows that `mine --out` writes for a run: image ids and distances under the names that rows of files have, then
 * where the images lie and what they are.
 *
 * @param file hash of a mining's arrays
 */
export async function minedTable({ catalog, images }: ServiceContext, file: string): Promise<Table> {
  return withArrays(catalog, file, async (arrays) => {
    const ids = [await arrays.ints('anchor'), await arrays.ints('positive'), await arrays.ints('negative')];
    const distances = [await arrays.floats('anchorPositive'), await arrays.floats('anchorNegative')];
    function* rows(): Generator<Cell[]> {
      for (let row = 0; row < ids[0]!.length; row++) {
        const triplet = ids.map((column) => column[row]!);
        const described = triplet.flatMap((id): Cell[] => {
          const [image] = images.rows([id]);
          return [image?.path ?? null, image?.className ?? null];
        });
        yield [...triplet, ...distances.map((column) => column[row]!), ...described];
      }
    }
    const described = ROLES.flatMap((role) => [`${role}Path`, `${role}Class`]);
    return { columns: [...ROLES, 'anchorPositive', 'anchorNegative', ...described], rows: rows() };
  });
}
