/** @module The environment in which `wrangler dev` runs offline, and in bounded memory. */

export const LOCAL_ENVIRONMENT = {
  // Wrangler would ask Cloudflare where this machine is, and say so at length where it cannot.
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  // What workerd allocates for a request is freed by V8's full collections alone, but V8 knows nothing of its weight and
  // sees no reason for one: each request would cost 40 kB in each of wrangler's two workerd processes, for good. Here every
  // collection is a full one. https://github.com/cloudflare/workerd/issues/6894
  MINIFLARE_WORKERD_V8_FLAGS: '--gc-global',
};
