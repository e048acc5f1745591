/** @module Environment variables with which `wrangler dev` runs offline and in bounded memory. */

export const LOCAL_ENVIRONMENT = {
  // Otherwise wrangler requests this machine's location from Cloudflare, and prints a long message if that fails.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // Otherwise wrangler prints a notice about them, although wrangler-config.ts turns them off.
  WRANGLER_SEND_METRICS: 'false',
  // Only V8's full garbage collections free what workerd allocates for a request, but V8 does not count that memory and
  // so never starts one: each request would leak 40 kB in each of wrangler's two workerd processes. This flag makes
  // every collection a full one. https://github.com/cloudflare/workerd/issues/6894
  MINIFLARE_WORKERD_V8_FLAGS: '--gc-global',
};
