/** @module Decides on Node when the work for a picture may begin, and in which order steps run. */

import { availableParallelism } from 'node:os';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { clientNetwork, isLoopback } from '../http/client-network.ts';
import { Problem } from '../http/problem.ts';
import type { ServerParts } from '../server-parts.ts';
import { UNITS_PER_MINUTE } from '../work/cost.ts';
import { FairQueue } from './fair-queue.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Units of work accepted at once: about 5 s of one core. A request that does not fit is refused, expensive ones first. */
const MOST_UNITS = 1000;

/** onnxruntime-node runs on libuv's threads; there are 4 unless UV_THREADPOOL_SIZE says otherwise. */
const INFERENCES_AT_ONCE = Math.min(availableParallelism(), 4);

interface WorkOptions {
  /** Whether the last address in X-Forwarded-For, set by a reverse proxy, is the client's. */
  readonly trustProxy: boolean;
}

export function createBeginWork({ trustProxy }: WorkOptions): NonNullable<ServerParts['beginWork']> {
  const inference = new FairQueue(INFERENCES_AT_ONCE);
  // The codecs run on this thread.
  const encoding = new FairQueue(1);
  const buckets = new TokenBuckets(UNITS_PER_MINUTE);
  let accepted = 0;
  return async (context, cost) => {
    const address = clientAddress(context, trustProxy);
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
    const { signal } = context.req.raw;
    return {
      infer: inference.job(client, signal),
      encode: encoding.job(client, signal),
      end: () => {
        accepted -= cost;
      },
    };
  };
}

function clientAddress(context: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? context.req.header('X-Forwarded-For')?.split(',').at(-1)?.trim() : undefined;
  if (forwarded && clientNetwork(forwarded) !== undefined) return forwarded;
  return (context.env as HttpBindings).incoming.socket.remoteAddress ?? '';
}
