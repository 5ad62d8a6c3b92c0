import type { VectorSpace } from '#learn/space/vector-space.ts';
import { UserError } from '#shared/rpc/errors.ts';

/** @throws TypeError where the queries cannot be compared with the index */
export function refuseForeign(queries: VectorSpace, space: VectorSpace): void {
  if (queries !== space && (queries.centre !== space.centre || queries.metric !== space.metric))
    throw new TypeError('the queries were made for another index');
}

/** @throws TypeError, RangeError where vectors cannot take the place of those of an index */
export function refuseShrunk(next: VectorSpace, space: VectorSpace): void {
  refuseForeign(next, space);
  if (next.rows < space.rows) throw new RangeError('an update has all rows of the index');
}

/** How many neighbours a list has. @throws UserError bad-input */
export function listLength(k: number, rows: number, itself: boolean): number {
  if (!Number.isInteger(k) || k < 1)
    throw new UserError('bad-input', `k is ${k}; ask for 1 neighbour or more.`);
  const depth = Math.min(k, itself ? rows - 1 : rows);
  if (depth === 0) throw new UserError('bad-input', 'One vector has no neighbours. Give at least two.');
  return depth;
}
