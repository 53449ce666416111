import { once } from 'node:events';
import { AddressInfo, connect, createServer, Socket } from 'node:net';

/**
 * One address for several backends, as a Service of Kubernetes is: every
 * connection goes to one that is up, in turn.
 *
 * @param urls - of the backends that are up just now
 */
export async function startBalancer(urls: () => string[]) {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer(client => {
    const up = urls();
    if (up.length === 0) {
      client.destroy();
      return;
    }
    turn += 1;
    const backend = connect({
      host: '127.0.0.1',
      port: Number(new URL(up[turn % up.length]).port),
    });
    for (const [socket, other] of [
      [client, backend],
      [backend, client],
    ]) {
      open.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    client.pipe(backend).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      open.forEach(socket => socket.destroy());
      server.close();
    },
  };
}
