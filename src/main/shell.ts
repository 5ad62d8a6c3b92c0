import { BrowserWindow, type IpcMainInvokeEvent, type WebContents, ipcMain } from 'electron';
import { ShellRequest, type ShellEvent } from '#shared/domain/shell.ts';
import { type Bridge, bridgeWindow } from './bridge.ts';
import type { EngineLink } from './engine-link.ts';
import { isStudioFrame } from './origin.ts';
import { answerRequest } from './requests.ts';

type Reply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

/** Listens to the windows that it knows, and gives them ports to the engine whenever there is a new one. */
export class Shell {
  readonly #link: EngineLink;
  /** Windows of ours; with a bridge once they asked for one. */
  readonly #windows = new Map<WebContents, Bridge | null>();
  readonly #wanting = new Set<WebContents>();

  constructor(link: EngineLink) {
    this.#link = link;
    ipcMain.handle('plumage:request', (event, message: unknown) => this.#answer(event, message));
    link.onState((state, connection) => {
      for (const contents of this.#wanting) {
        this.#send(contents, state);
        if (state.state === 'ready' && connection !== null) this.#bridge(contents);
      }
    });
  }

  add(window: BrowserWindow): void {
    const contents = window.webContents;
    this.#windows.set(contents, null);
    // A reloaded page has to ask again: its old ports went with it.
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#forget(contents);
    });
    window.once('closed', () => {
      this.#forget(contents);
      this.#windows.delete(contents);
    });
  }

  send(event: ShellEvent): void {
    for (const contents of this.#windows.keys()) this.#send(contents, event);
  }

  async #answer(event: IpcMainInvokeEvent, message: unknown): Promise<Reply> {
    if (!this.#windows.has(event.sender) || !isStudioFrame(event.senderFrame))
      return refuse('Only the studio’s own page may ask.');
    const request = ShellRequest.safeParse(message);
    if (!request.success) return refuse('The shell does not know this request.');
    try {
      if (request.data.kind === 'connect') return { ok: true, value: await this.#connect(event.sender) };
      const window = BrowserWindow.fromWebContents(event.sender);
      if (window === null) return refuse('The window is gone.');
      return { ok: true, value: await answerRequest(window, request.data) };
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
  }

  async #connect(contents: WebContents): Promise<void> {
    const isReady = this.#link.connection !== null;
    this.#wanting.add(contents);
    // While the engine is starting, the ports follow with its `ready`.
    if (!isReady) return void (await this.#link.ready());
    this.#send(contents, { plumage: 'engine', state: 'ready' });
    this.#bridge(contents);
  }

  #bridge(contents: WebContents): void {
    const connection = this.#link.connection;
    if (connection === null || contents.isDestroyed()) return;
    this.#windows.get(contents)?.close();
    this.#windows.set(contents, bridgeWindow(contents, connection));
  }

  #forget(contents: WebContents): void {
    this.#windows.get(contents)?.close();
    this.#windows.set(contents, null);
    this.#wanting.delete(contents);
  }

  #send(contents: WebContents, event: ShellEvent): void {
    if (!contents.isDestroyed()) contents.postMessage('plumage:event', event);
  }
}

function refuse(message: string): Reply {
  return { ok: false, message };
}
