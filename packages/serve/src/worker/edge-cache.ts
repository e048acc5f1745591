/** @module Picture cache on Cloudflare's Cache API: https://developers.cloudflare.com/workers/runtime-apis/cache/ */

import { waitUntil } from 'cloudflare:workers';
import type { AnswerCache } from '../server-parts.ts';

/** The cache of the data centre that handles the request. */
const here = () => (caches as unknown as { default: Cache }).default;

/** A failing cache is treated as empty. */
const report = (error: unknown) => {
  console.error(error);
  return undefined;
};

export const edgeCache: AnswerCache = {
  match: (url) => here().match(url).catch(report),
  put: (url, answer) => waitUntil(here().put(url, answer).catch(report)),
};
