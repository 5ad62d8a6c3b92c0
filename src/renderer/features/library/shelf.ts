import type { App } from '../../state/app.svelte.ts';

type Named = { readonly id: string; readonly name: string };

/** Takes a dataset off the shelf and tells so, with a way back that the undo key knows too. */
export async function takeOffShelf(app: App, dataset: Named): Promise<void> {
  try {
    await app.client.datasets.remove({ dataset: dataset.id });
    app.changes.touch(['datasets']);
    app.toasts.show({
      message: `${dataset.name} was taken off the shelf. Its files are untouched.`,
      action: { label: 'Undo', lasting: true, run: () => void putBack(app, dataset) },
    });
  } catch (cause) {
    app.report(cause);
  }
}

export async function putBack(app: App, dataset: Named): Promise<void> {
  try {
    await app.client.datasets.restore({ dataset: dataset.id });
    app.changes.touch(['datasets']);
    app.toasts.show({ message: `${dataset.name} is on the shelf again.` });
  } catch (cause) {
    app.report(cause);
  }
}
