/** @module How many new pictures an address may have: the limit itself is in wrangler.jsonc. */

import { env } from 'cloudflare:workers';

/** `wrangler dev` says so of requests from its own machine, Cloudflare of none: it writes the sender's address itself. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export async function allowNewPicture(request: Request): Promise<boolean> {
  const address = request.headers.get('CF-Connecting-IP');
  if (address === null || LOOPBACK.test(address)) return true;
  const { success } = await env.NEW_PICTURES.limit({ key: address });
  return success;
}
