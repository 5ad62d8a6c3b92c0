import type { App } from '../../state/app.svelte.ts';
import type { Command } from '../../state/commands.svelte.ts';

/** What can be done with the selected images, by key and from the palette. */
export function imageCommands(app: App, actions: { relabel: () => void }): readonly Command[] {
  const { studio, curation } = app;
  const hasSelection = () => studio.selection.ids.size > 0;
  const edit = (excluded: boolean) => () => {
    if (studio.datasetId === null) return;
    void curation.apply(studio.datasetId, { kind: 'exclude', imageIds: [...studio.selection.ids], excluded });
  };
  return [
    {
      id: 'relabel',
      title: 'Relabel the selected images',
      section: 'This room',
      shortcuts: ['L'],
      when: hasSelection,
      run: actions.relabel,
    },
    {
      id: 'exclude',
      title: 'Exclude the selected images',
      section: 'This room',
      shortcuts: ['X'],
      when: hasSelection,
      run: edit(true),
    },
    {
      id: 'include',
      title: 'Take the selected images back in',
      section: 'This room',
      shortcuts: ['Shift+X'],
      when: hasSelection,
      run: edit(false),
    },
  ];
}
