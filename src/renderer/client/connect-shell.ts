import type { PlumageShell, ShellEvent } from '../../shared/domain/shell.ts';
import { createClient } from '../../shared/rpc/client.ts';
import { portOfMessagePort } from '../../shared/rpc/message-port.ts';
import { blobReaderOf } from './blob.ts';
import type { LinkListener, Transport } from './connect.ts';
import { emitShellCommand } from './shell-commands.ts';

/** The desktop's way: the shell hands over two ports, and fresh ones by itself when a new engine answers. */
export function connectShell(shell: PlumageShell, listener: LinkListener): Transport {
  /** The shell's event says more than the refusal that follows it. */
  let told = false;

  function onMessage(event: MessageEvent<unknown>): void {
    if (event.source !== window || !isShellEvent(event.data)) return;
    const message = event.data;
    if (message.plumage === 'ports') {
      const [frames, blobs] = event.ports;
      if (frames === undefined || blobs === undefined) return;
      const port = portOfMessagePort(frames);
      const client = createClient(port, { name: 'studio' });
      listener.linked({
        client,
        fetchBlob: blobReaderOf(blobs),
        closed: port.closed.then((reason) => reason.message),
      });
    } else if (message.plumage === 'command') {
      emitShellCommand(message.command);
    } else if (message.state === 'lost') {
      listener.lost('The engine stopped; a new one is being started.');
    } else if (message.state === 'failed') {
      listener.failed(
        message.failure?.message ?? 'The engine could not be started. Run `plumage doctor` to see why.',
        message.failure?.details,
      );
      told = true;
    }
  }

  function ask(): void {
    told = false;
    shell.request({ kind: 'connect' }).catch((cause: unknown) => {
      if (told) return;
      listener.failed(
        cause instanceof Error ? cause.message : 'The desktop shell did not answer. Restart Plumage.',
      );
    });
  }

  window.addEventListener('message', onMessage);
  ask();
  return {
    retry: ask,
    stop: () => window.removeEventListener('message', onMessage),
  };
}

function isShellEvent(data: unknown): data is ShellEvent {
  return typeof data === 'object' && data !== null && 'plumage' in data;
}
