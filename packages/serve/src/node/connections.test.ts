import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { sendRaw } from '../testing/raw-http.ts';
import { handleConnections, TIMES } from './connections.ts';

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

async function serve(handle: Handle, times: Partial<typeof TIMES>) {
  const server = createServer();
  handleConnections(server, handle, async () => {}, { ...TIMES, ...times });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';
/** More than the buffers of the system's sockets hold. */
const LARGE = Buffer.alloc(32 * 2 ** 20);

test('a reader that stops reading is cut, and its answer freed', async () => {
  const { server, url } = await serve(async (_, outgoing) => void outgoing.end(LARGE), { stalled: 100, slowest: 1 });
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const { socket } = sendRaw(url, REQUEST);
  socket.pause();
  const [connection] = await connected;
  await once(connection, 'close');
  expect(connection.writableFinished).toBe(false);
});

test('a reader that takes too long in all is cut', async () => {
  const { server, url } = await serve(async (_, outgoing) => void outgoing.end(LARGE), {
    stalled: 300,
    slowest: Number.POSITIVE_INFINITY,
  });
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const { socket } = sendRaw(url, REQUEST);
  // Reads a little again and again, so that it never stalls.
  const [connection] = await connected;
  const reading = setInterval(() => socket.once('data', () => socket.pause()).resume(), 20);
  await once(connection, 'close');
  clearInterval(reading);
  expect(connection.writableFinished).toBe(false);
});

test('a client that waits for an answer is not cut, however long it takes', async () => {
  let timeouts = 0;
  let finish = () => {};
  const enough = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const { server, url } = await serve(
    async ({ socket }, outgoing) => {
      socket.setTimeout(20);
      await enough;
      outgoing.end('made');
    },
    { stalled: 20 },
  );
  // On a busy machine the request may take longer than that to arrive.
  server.on('connection', (socket: Socket) => socket.setTimeout(0));
  server.on('timeout', () => {
    if (++timeouts === 3) finish();
  });
  expect(await (await fetch(url)).text()).toBe('made');
});

test('no more requests are read from a connection than may wait', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { server, url } = await serve(async ({ url: path }, outgoing) => {
    if (path === '/') await gate;
    outgoing.end();
  }, {});
  let read = 0;
  server.on('request', ({ url: path }) => {
    if (path === '/') read++;
  });
  const count = 20_000;
  const { socket } = sendRaw(url, REQUEST.repeat(count));
  socket.resume();
  await once(server, 'request');
  // The server could read on between the answers to others.
  for (let other = 0; other < 50; other++) await (await fetch(`${url}/other`)).text();
  expect(read).toBeLessThan(count / 4);
  open();
  await expect.poll(() => read, { timeout: 60_000 }).toBe(count);
});
