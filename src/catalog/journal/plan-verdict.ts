import { UserError } from '#shared/rpc/errors.ts';
import type { Edit } from '#shared/contract/curation.ts';
import type { Verdict } from '#shared/domain/dataset.ts';
import type { Catalog } from '../catalog.ts';
import type { Change, GivenVerdict } from './changes.ts';
import { readChanges } from './events.ts';
import { type Plan, planExclude, planRelabel } from './plan-images.ts';
import { opposite } from './changes.ts';
import { Projection } from './projection.ts';

type VerdictEdit = Extract<Edit, { kind: 'verdict' }>;

const WORDS: Readonly<Record<Verdict, string>> = {
  'label-wrong': 'label wrong',
  duplicate: 'duplicate',
  'look-alike': 'true look-alike',
  'bad-crop': 'bad crop',
  skip: 'skipped',
};

/**
 * A verdict on a mined triplet and what follows from it: `bad-crop` and `duplicate` exclude the image spoken of,
 * `label-wrong` gives it the class that it should have, or excludes it where none is named. Another verdict on the same
 * triplet first takes back what the one before it had done.
 */
export function planVerdict(catalog: Catalog, dataset: number, edit: VerdictEdit, eventId: number): Plan {
  const refresh = catalog
    .sql<{ dataset: number; triplets: number }>(`SELECT dataset, triplets FROM refreshes WHERE id = ?`)
    .get(edit.refreshId);
  if (refresh === undefined || refresh.dataset !== dataset || edit.row >= refresh.triplets)
    throw new UserError('not-found', `There is no triplet ${edit.row} in the mining ${edit.refreshId}.`);
  const before = catalog
    .sql<GivenVerdict>(
      `SELECT verdict, image_id AS imageId, event_id AS eventId FROM verdicts WHERE refresh = ? AND triplet = ?`,
    )
    .get(edit.refreshId, edit.row);

  const takenBack =
    before === undefined
      ? []
      : stillHolding(catalog, opposite(ownChanges(readChanges(catalog, before.eventId))));
  // What follows from the verdict depends on the state without the earlier one.
  new Projection(catalog).apply(dataset, takenBack);
  const effect = effectOf(catalog, dataset, edit);
  new Projection(catalog).apply(dataset, opposite(takenBack));

  const to: GivenVerdict = { verdict: edit.verdict, imageId: edit.imageId ?? null, eventId };
  const note: Change = {
    op: 'verdict',
    refresh: edit.refreshId,
    row: edit.row,
    from: before ?? null,
    to,
    takenBack: takenBack.length,
  };
  const consequence = effect.changes.length > 0 ? ` ${effect.summary}` : '';
  return {
    changes: [...takenBack, ...effect.changes, note],
    summary: `Triplet ${edit.row + 1}: ${WORDS[edit.verdict]}.${consequence}`,
  };
}

function effectOf(catalog: Catalog, dataset: number, edit: VerdictEdit): Plan {
  const nothing: Plan = { changes: [], summary: '' };
  if (edit.verdict === 'look-alike' || edit.verdict === 'skip') return nothing;
  if (edit.imageId === undefined) {
    if (edit.className !== undefined)
      throw new UserError('bad-input', 'Say which image of the triplet should have the new label (imageId).');
    return nothing;
  }
  return edit.verdict === 'label-wrong' && edit.className !== undefined
    ? planRelabel(catalog, dataset, [edit.imageId], edit.className)
    : planExclude(catalog, dataset, [edit.imageId], true);
}

/** What a verdict itself did, without its taking back of the one before it: that must not come back. */
function ownChanges(changes: readonly Change[]): readonly Change[] {
  const note = changes.find((change) => change.op === 'verdict');
  return changes.slice(note?.takenBack ?? 0);
}

/** Leaves out what somebody changed since: their decision is newer. */
function stillHolding(catalog: Catalog, changes: readonly Change[]): Change[] {
  const state = catalog.sql<{ class_id: number; excluded: number }>(
    `SELECT class_id, excluded FROM images WHERE id = ?`,
  );
  return changes.flatMap((change): Change[] => {
    if (change.op === 'move') {
      const ids = change.ids.filter((id) => state.get(id)?.class_id === change.from);
      return ids.length > 0 ? [{ ...change, ids }] : [];
    }
    if (change.op === 'exclude') {
      const ids = change.ids.filter((id) => state.get(id)?.excluded === (change.excluded ? 0 : 1));
      return ids.length > 0 ? [{ ...change, ids }] : [];
    }
    return [];
  });
}
