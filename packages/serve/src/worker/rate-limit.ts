/** @module Rate limit for new pictures per client address, set in wrangler.jsonc. */

import { env } from 'cloudflare:workers';

/** Only `wrangler dev` reports these addresses; Cloudflare sets the header itself to the client's address. */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

export async function allowNewPicture(request: Request): Promise<boolean> {
  const address = request.headers.get('CF-Connecting-IP');
  if (address === null || LOOPBACK.test(address)) return true;
  const { success } = await env.NEW_PICTURES.limit({ key: address });
  return success;
}
