import { rooms } from '../features/rooms.ts';
import type { App } from '../state/app.svelte.ts';
import type { Command } from '../state/commands.svelte.ts';

/** What can be done from everywhere: change rooms, take a dataset in hand, undo, look for help. */
export function frameCommands(app: App): readonly Command[] {
  const { studio, commands, theme, curation, datasets, toasts } = app;
  const roomCommands = rooms.map((room, index): Command => ({
    id: `room-${room.id}`,
    title: room.title,
    section: 'Rooms',
    shortcuts: [`Mod+${index + 1}`, `G ${room.key.toUpperCase()}`],
    run: () => studio.go(room.id),
  }));
  const datasetCommands = datasets.list.map((dataset): Command => ({
    id: dataset.id,
    title: dataset.name,
    section: 'Datasets',
    keywords: ['dataset', 'open'],
    run: () => {
      studio.takeDataset(dataset);
      studio.go('images');
    },
  }));
  const withDataset = (act: (datasetId: string) => unknown) => () => {
    if (studio.datasetId !== null) void act(studio.datasetId);
  };
  const hasDataset = () => studio.dataset !== null;
  return [
    ...roomCommands,
    ...datasetCommands,
    {
      id: 'palette',
      title: 'Search and commands',
      section: 'Actions',
      shortcuts: ['Mod+K'],
      keyOnly: true,
      run: () => (commands.paletteOpen = !commands.paletteOpen),
    },
    {
      id: 'import',
      title: 'Import a folder',
      section: 'Actions',
      shortcuts: ['Mod+O'],
      keywords: ['dataset', 'add'],
      run: () => studio.requestImport(),
    },
    {
      id: 'restore',
      title: 'Restore a dataset…',
      section: 'Actions',
      keywords: ['removed', 'shelf', 'put back', 'undo'],
      run: () => studio.requestRestore(),
    },
    {
      id: 'import-weights',
      title: 'Import weights…',
      section: 'Actions',
      keywords: ['backbone', 'pth', 'safetensors', 'pretrained', 'settings'],
      run: () => studio.requestWeights(),
    },
    {
      id: 'undo',
      title: 'Undo the last change',
      section: 'Actions',
      shortcuts: ['Mod+Z', 'Z'],
      when: () => hasDataset() || toasts.undoable !== undefined,
      run: () => {
        // What a message still offers to take back is newer than what the dataset's journal would.
        if (toasts.undoable !== undefined) toasts.act(toasts.undoable);
        else if (studio.datasetId !== null) void curation.undo(studio.datasetId);
      },
    },
    {
      id: 'redo',
      title: 'Redo',
      section: 'Actions',
      shortcuts: ['Mod+Shift+Z', 'Shift+Z'],
      when: hasDataset,
      run: withDataset((id) => curation.redo(id)),
    },
    {
      id: 'inspector',
      title: 'Show or hide the inspector',
      section: 'Actions',
      shortcuts: ['I'],
      run: () => (studio.inspectorOpen = !studio.inspectorOpen),
    },
    {
      id: 'theme',
      title: 'Switch light and dark',
      section: 'Actions',
      keywords: ['theme'],
      run: () => theme.toggle(),
    },
    {
      id: 'theme-system',
      title: 'Colours as the system has them',
      section: 'Actions',
      keywords: ['theme', 'light', 'dark'],
      run: () => theme.set('system'),
    },
    {
      id: 'help',
      title: 'Keyboard shortcuts',
      section: 'Actions',
      shortcuts: ['?'],
      run: () => (commands.helpOpen = true),
    },
  ];
}
