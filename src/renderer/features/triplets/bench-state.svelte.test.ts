import { describe, expect, it } from 'vitest';
import type { Client } from '../../../shared/contract/index.ts';
import type { Triplet } from '../../../shared/domain/triplet.ts';
import { fakeClient } from '../../testing/fake-client.ts';
import { refresh, triplet } from '../../testing/fake-data.ts';
import { BenchState } from './bench-state.svelte.ts';

type Edit = Parameters<Client['curation']['apply']>[0]['edit'];
const applied = { eventId: 1, revision: 4, changed: 1, summary: 'Written.' };

/** A bench over three triplets and an engine that keeps verdicts, refuses them, or answers when told to. */
function bench(apply: (edit: Edit) => Promise<typeof applied> = () => Promise.resolve(applied)) {
  const rows: Triplet[] = [triplet(0), triplet(1), triplet(2)];
  const edits: Edit[] = [];
  const messages: string[] = [];
  const client = fakeClient({
    triplets: {
      list: async ({ verdict = 'any' }) => {
        const shown = rows.filter(
          (row) => verdict === 'any' || (verdict === 'none') === (row.verdict === null),
        );
        return {
          total: shown.length,
          reviewed: rows.filter((row) => row.verdict !== null).length,
          rows: shown,
        };
      },
    },
    curation: {
      apply: async ({ edit }) => {
        edits.push(edit);
        const answer = await apply(edit);
        if (edit.kind === 'verdict') rows[edit.row] = { ...triplet(edit.row), verdict: edit.verdict };
        return answer;
      },
      undo: async () => {
        rows[0] = triplet(0);
        return { ...applied, summary: 'The verdict on triplet 1 was taken back.' };
      },
    },
  });
  const state = new BenchState(refresh, {
    client: () => client,
    toasts: { show: ({ message }) => messages.push(message) },
    changed: () => undefined,
  });
  return { state, edits, messages, client };
}

describe('verdicts on the bench', () => {
  it('shows a verdict at once, goes on, and writes it with the picture it speaks of', async () => {
    const { state, edits } = bench();
    await state.list.need({ from: 0, to: 1 });
    const written = state.judge({ verdict: 'bad-crop', corner: 'negative', className: null });
    expect(state.list.at(0)).toMatchObject({
      verdict: 'bad-crop',
      negative: { excluded: true },
      anchor: { excluded: false },
    });
    expect([state.focus, state.reviewed]).toEqual([1, 1]);
    expect(await written).toBe(true);
    expect(edits).toEqual([
      {
        kind: 'verdict',
        refreshId: refresh.id,
        row: 0,
        verdict: 'bad-crop',
        imageId: triplet(0).negative.imageId,
      },
    ]);
  });

  it('relabels the picture that was chosen', async () => {
    const { state, edits } = bench();
    await state.list.need({ from: 0, to: 1 });
    await state.judge({ verdict: 'label-wrong', corner: 'anchor', className: 'nerd face' });
    expect(state.list.at(0)?.anchor).toMatchObject({ class: 'nerd face', excluded: false });
    expect(edits[0]).toMatchObject({ imageId: triplet(0).anchor.imageId, className: 'nerd face' });
  });

  it('takes the verdict back, says why and returns to it when the engine refuses', async () => {
    const { state, messages } = bench(() =>
      Promise.reject(Object.assign(new Error('The disk is full. Free some space.'), { code: 'no-space' })),
    );
    await state.list.need({ from: 0, to: 1 });
    const before = state.list.at(0);
    expect(await state.judge({ verdict: 'skip', corner: null, className: null })).toBe(false);
    expect(state.list.at(0)).toEqual(before);
    expect([state.focus, state.reviewed]).toEqual([0, 0]);
    expect(messages).toEqual(['The disk is full. Free some space.']);
  });

  it('leaves a newer verdict on the same triplet alone when an older one is refused', async () => {
    let refuse = (): void => undefined;
    let first = true;
    const { state } = bench(() => {
      if (!first) return Promise.resolve(applied);
      first = false;
      return new Promise((_, reject) => {
        refuse = () => reject(new Error('refused'));
      });
    });
    await state.list.need({ from: 0, to: 1 });
    const older = state.judge({ verdict: 'skip', corner: null, className: null });
    state.goTo(0);
    const newer = state.judge({ verdict: 'look-alike', corner: null, className: null });
    await Promise.resolve();
    refuse();
    expect([await older, await newer]).toEqual([false, true]);
    expect(state.list.at(0)?.verdict).toBe('look-alike');
  });

  it('reads on from the same place when the list shows only what has no verdict', async () => {
    const { state } = bench();
    await state.show({ verdict: 'none' });
    await state.judge({ verdict: 'look-alike', corner: null, className: null });
    expect([state.focus, state.total, state.current?.row, state.reviewed]).toEqual([0, 2, 1, 1]);
  });

  it('undoes with the engine and shows what stands then', async () => {
    const { state, messages } = bench();
    await state.list.need({ from: 0, to: 1 });
    await state.judge({ verdict: 'duplicate', corner: 'negative', className: null });
    await state.undo();
    expect(state.list.at(0)).toMatchObject({ verdict: null, negative: { excluded: false } });
    expect(messages).toEqual(['The verdict on triplet 1 was taken back.']);
  });

  it('shows what another undid', async () => {
    const { state, client } = bench();
    await state.list.need({ from: 0, to: 1 });
    await state.judge({ verdict: 'skip', corner: null, className: null });
    await client.curation.undo({ dataset: refresh.datasetId });
    expect(state.list.at(0)?.verdict).toBe('skip');
    await state.resync();
    expect([state.list.at(0)?.verdict, state.reviewed]).toEqual([null, 0]);
  });

  it('keeps the focus inside the list', async () => {
    const { state } = bench();
    await state.list.need({ from: 0, to: 1 });
    state.move(-1);
    expect(state.focus).toBe(0);
    state.move(10);
    expect(state.focus).toBe(2);
  });
});
