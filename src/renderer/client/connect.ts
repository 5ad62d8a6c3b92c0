import type { Client } from '../../shared/contract/index.ts';
import type { PlumageShell } from '../../shared/domain/shell.ts';
import { connectShell } from './connect-shell.ts';
import { connectWebSocket } from './connect-websocket.ts';

declare global {
  interface Window {
    /** Only in the desktop window; see shared/domain/shell.ts. */
    readonly plumage?: PlumageShell;
  }
}

/** An engine that answers, until `closed` resolves with a sentence about why it does no longer. */
export interface Link {
  readonly client: Client;
  readonly fetchBlob: (hash: string, signal?: AbortSignal) => Promise<ArrayBuffer>;
  readonly closed: Promise<string>;
}

/** What a transport tells the window. */
export interface LinkListener {
  linked(link: Link): void;
  /** No engine for now; the transport goes on trying. */
  lost(message: string): void;
  /** No engine, and trying again by itself is pointless. `details` belong in a report. */
  failed(message: string, details?: string): void;
}

export interface Transport {
  /** Tries now instead of later. */
  retry(): void;
  stop(): void;
}

/** Through the desktop shell where there is one, else by WebSocket to the page's own origin. */
export function connect(listener: LinkListener): Transport {
  return window.plumage === undefined ? connectWebSocket(listener) : connectShell(window.plumage, listener);
}
