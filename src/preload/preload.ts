import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { DroppedPathsRequest, ShellEvent, ShellRequest } from '#shared/domain/shell.ts';

/** What main answers: errors travel as sentences, not as Electron's wrapped ones. */
type Reply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

async function request(message: ShellRequest | DroppedPathsRequest): Promise<unknown> {
  if (message.kind === 'dropped-paths') {
    return message.files.filter((file) => file instanceof File).map((file) => webUtils.getPathForFile(file));
  }
  const reply = (await ipcRenderer.invoke('plumage:request', message)) as Reply;
  if (reply.ok) return reply.value;
  throw new Error(reply.message);
}

/** Only main can send on this channel; ports go on to the page, which `window.postMessage` alone can hand them to. */
ipcRenderer.on('plumage:event', (event, message: ShellEvent) => {
  window.postMessage(message, location.origin, [...event.ports]);
});

contextBridge.exposeInMainWorld('plumage', { request });
