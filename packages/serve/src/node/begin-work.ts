/** @module Decides on Node when the work for a picture may begin, and in which order steps run. */

import type { Socket } from 'node:net';
import { availableParallelism } from 'node:os';
import type { HttpBindings } from '@hono/node-server';
import { clientNetwork, isLoopback } from '../http/client-network.ts';
import { Problem } from '../http/problem.ts';
import type { ServerParts } from '../server-parts.ts';
import { UNITS_PER_MINUTE } from '../work/cost.ts';
import { clientAddress } from './client-address.ts';
import { FairQueue } from './fair-queue.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Units of work accepted at once: about 5 s of one core. A request that does not fit is refused, expensive ones first. */
const MOST_UNITS = 1000;

/** onnxruntime-node runs on libuv's threads; there are 4 unless UV_THREADPOOL_SIZE says otherwise. */
const INFERENCES_AT_ONCE = Math.min(availableParallelism(), 4);

/** Units. Pictures that cost no more are also made for clients that have closed their side of the connection. */
const CHEAP = 2;

interface WorkControl {
  readonly beginWork: NonNullable<ServerParts['beginWork']>;
  /** Units of work being done or waiting. */
  readonly acceptedUnits: () => number;
}

interface WorkOptions {
  /** Whether the last address in X-Forwarded-For, set by a reverse proxy, is the client's. */
  readonly trustProxy: boolean;
}

export function createBeginWork({ trustProxy }: WorkOptions): WorkControl {
  const inference = new FairQueue(INFERENCES_AT_ONCE);
  // The codecs run on this thread.
  const encoding = new FairQueue(1);
  const buckets = new TokenBuckets(UNITS_PER_MINUTE);
  let accepted = 0;
  const beginWork: NonNullable<ServerParts['beginWork']> = async (context, cost) => {
    const { incoming } = context.env as HttpBindings;
    const address = clientAddress(incoming, trustProxy);
    const client = clientNetwork(address) ?? address;
    if (accepted + cost > MOST_UNITS) {
      throw new Problem('overloaded', 'Too many pictures are being made: try again in a few seconds.', {
        headers: { 'Retry-After': '5' },
      });
    }
    const seconds = isLoopback(address) ? 0 : buckets.take(client, cost);
    if (seconds > 0) {
      throw new Problem('too-many-requests', `Too many new pictures: try again in ${seconds} seconds.`, {
        headers: { 'Retry-After': String(seconds) },
      });
    }
    accepted += cost;
    const signals = [context.req.raw.signal];
    const watch = cost > CHEAP ? watchEnd(incoming.socket) : undefined;
    if (watch) signals.push(watch.signal);
    const signal = AbortSignal.any(signals);
    return {
      infer: inference.job(client, signal),
      encode: encoding.job(client, signal),
      end: () => {
        accepted -= cost;
        watch?.stop();
      },
    };
  };
  return { beginWork, acceptedUnits: () => accepted };
}

/** `signal` aborts when the client closes its side of the connection; `stop` ends the watch, as a connection serves many requests. */
function watchEnd(socket: Socket): { signal: AbortSignal; stop: () => void } {
  const closed = new AbortController();
  const abort = () =>
    closed.abort(
      new Problem(
        'invalid-parameter',
        'The client closed its side of the connection, as it does when it leaves: for a picture of this cost it must stay open.',
      ),
    );
  if (socket.readableEnded) abort();
  else socket.once('end', abort);
  return { signal: closed.signal, stop: () => socket.off('end', abort) };
}
