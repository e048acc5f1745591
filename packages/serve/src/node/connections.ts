/** @module Connections of the Node server: one request at a time on each, an end to those that stall, a clean end of all. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Handle = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

/** Answers what cannot be read as a request. */
type Refuse = (error: Error, socket: Socket) => Promise<void>;

interface Times {
  /** A connection on which nothing moves for so long, ms, is cut, unless an answer is being made. */
  readonly stalled: number;
  /** Least speed at which an answer must be read in the end, bytes per ms. */
  readonly slowest: number;
  /** When the server closes, how long a connection may take to complete a request, ms. */
  readonly incomplete: number;
}

export const TIMES: Times = { stalled: 30_000, slowest: 32, incomplete: 1000 };

/** Code of the error that stands for a request of this method, which is for proxies. */
export const CONNECT = 'CONNECT';

/** Pipelined requests of one connection that may wait; then no more are read from it. */
const MOST_PIPELINED = 16;

interface Connection {
  /** Requests that have been read and not been answered. */
  pending: number;
  /** Settles when the last of them is answered. */
  idle: Promise<void>;
}

/**
 * Answers the requests of a server. Those that arrive on one connection without waiting for answers (pipelining) are
 * handled one after the other, so that they delay no other connection more than a single request does.
 *
 * @returns a function that stops accepting connections and resolves when running requests are answered; after `patience`
 * ms it aborts them
 */
export function handleConnections(
  server: Server,
  handle: Handle,
  refuse: Refuse,
  times = TIMES,
): (patience: number) => Promise<void> {
  const connections = new Map<Socket, Connection>();
  const answering = new Set<ServerResponse>();
  let closing = false;

  server.on('connection', (socket: Socket) => {
    connections.set(socket, { pending: 0, idle: Promise.resolve() });
    socket.once('close', () => connections.delete(socket));
  });

  // Node calls this when nothing was read and nothing of what is left to write was sent for that long.
  server.setTimeout(times.stalled, (socket: Socket) => {
    const waits = (connections.get(socket)?.pending ?? 0) > 0 && socket.writableLength === 0;
    if (waits) socket.setTimeout(times.stalled);
    else socket.destroy();
  });

  server.on('request', (incoming, outgoing) => {
    const { socket } = incoming;
    const connection = connections.get(socket)!;
    if (++connection.pending > MOST_PIPELINED) pauseReading(socket);
    connection.idle = connection.idle.then(async () => {
      if (!socket.destroyed) await answer(incoming, outgoing);
      if (--connection.pending === MOST_PIPELINED) socket.emit('drain');
    });
  });

  // Node closes these connections without an answer if nothing listens.
  server.on('connect', async (_, socket: Socket) => {
    socket.on('error', () => {});
    await connections.get(socket)?.idle;
    await refuse(Object.assign(new Error(), { code: CONNECT }), socket);
    socket.destroySoon();
  });

  server.on('clientError', async (error, socket: Socket) => {
    // Answers keep the order of requests.
    await connections.get(socket)?.idle;
    await refuse(error, socket);
  });

  /** Resolves when the answer has been read, or its connection is closed. */
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const closed = new Promise<void>((resolve) => outgoing.once('close', resolve));
    answering.add(outgoing);
    if (closing) outgoing.shouldKeepAlive = false;
    await handle(incoming, outgoing);
    const left = outgoing.socket?.writableLength ?? 0;
    const deadline = setTimeout(() => incoming.socket.destroy(), times.stalled + left / times.slowest);
    await closed;
    clearTimeout(deadline);
    answering.delete(outgoing);
    if (closing) server.closeIdleConnections();
  }

  return (patience) =>
    new Promise((resolve) => {
      closing = true;
      // Tells clients that keep their connection to send the next request elsewhere.
      for (const outgoing of answering) outgoing.shouldKeepAlive = false;
      const incomplete = setTimeout(() => {
        for (const [socket, { pending }] of connections) if (pending === 0) socket.destroy();
      }, times.incomplete);
      const deadline = setTimeout(() => server.closeAllConnections(), patience);
      server.close(() => {
        clearTimeout(incomplete);
        clearTimeout(deadline);
        resolve();
      });
    });
}

/**
 * Makes node:http read no further requests until 'drain'. It does the same itself while too many answers wait to be sent
 * (parserOnIncoming and socketOnDrain in lib/_http_server.js), but not while too many wait to be made; and without this
 * field, the end of each request would resume the socket.
 */
function pauseReading(socket: Socket): void {
  (socket as Socket & { _paused: boolean })._paused = true;
  socket.pause();
}
