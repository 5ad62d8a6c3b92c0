import { createClient } from '../../shared/rpc/client.ts';
import { portOfWebSocket } from '../../shared/rpc/websocket-port.ts';
import { fetchBlobByHttp } from './blob.ts';
import type { LinkListener, Transport } from './connect.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/** The browser's way: `/rpc` on the page's own origin, dialled again with growing pauses when it is lost. */
export function connectWebSocket(listener: LinkListener): Transport {
  let stopped = false;
  let waitMs = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | undefined;

  function dial(): void {
    const address = new URL('/rpc', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const dialled = new WebSocket(address);
    socket = dialled;
    const port = portOfWebSocket(dialled);
    dialled.addEventListener('open', () => {
      waitMs = FIRST_WAIT_MS;
      const client = createClient(port, { name: 'browser' });
      const closed = port.closed.then((reason) => reason.message);
      listener.linked({ client, fetchBlob: fetchBlobByHttp, closed });
    });
    void port.closed.then((reason) => {
      if (stopped || socket !== dialled) return;
      if (reason.code === 'refused') {
        listener.failed(
          `The engine refused this window. ${reason.message} Open the address that \`plumage serve\` printed.`,
        );
        return;
      }
      listener.lost('The engine does not answer.');
      timer = setTimeout(dial, waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
    });
  }

  dial();
  return {
    retry() {
      if (stopped || socket?.readyState === WebSocket.OPEN) return;
      clearTimeout(timer);
      waitMs = FIRST_WAIT_MS;
      dial();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
