/** @module Decides in workerd when the work for a picture may begin, and runs its steps one at a time. */

import { env } from 'cloudflare:workers';
import type { Context } from 'hono';
import { clientNetwork, isLoopback } from '../http/client-network.ts';
import { Problem } from '../http/problem.ts';
import type { Work } from '../work/work.ts';

export async function beginWork(context: Context, cost: number): Promise<Work> {
  // Cloudflare sets this header itself to the client's address. Only `wrangler dev` reports loopback addresses.
  const address = context.req.header('CF-Connecting-IP');
  if (address !== undefined && !isLoopback(address) && !(await maySpend(clientNetwork(address) ?? address, cost))) {
    throw new Problem('too-many-requests', 'Too many new pictures: try again in a minute.', {
      headers: { 'Retry-After': '60' },
    });
  }
  return stepByStep(context.req.raw.signal);
}

/** The limit, set in cloudflare/wrangler-config.ts, counts calls. */
async function maySpend(key: string, cost: number): Promise<boolean> {
  const outcomes = await Promise.all(Array.from({ length: cost }, () => env.NEW_PICTURES.limit({ key })));
  return outcomes.every(({ success }) => success);
}

/**
 * After the first step, each waits until the event loop has run: other requests are answered in between, and workerd gives
 * up a request whose client has left. There is no queue over all requests: one request must not wait for a promise of
 * another, which may be given up at any time.
 */
function stepByStep(signal: AbortSignal): Work {
  let previous: Promise<unknown> | undefined;
  const step = <Value>(run: () => Promise<Value>): Promise<Value> => {
    const begin = async () => {
      signal.throwIfAborted();
      return run();
    };
    const result = previous ? previous.then(eventLoopRun).then(begin) : begin();
    // A failed step rejects its own promise; it does not keep later ones waiting.
    previous = result.catch(() => {});
    return result;
  };
  return { infer: step, encode: step, end: () => {} };
}

const eventLoopRun = () => new Promise<void>((resolve) => setTimeout(resolve));
