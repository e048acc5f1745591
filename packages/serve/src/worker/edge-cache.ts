/** @module Cloudflare's Cache API, in front of the pictures: https://developers.cloudflare.com/workers/runtime-apis/cache/ */

import { waitUntil } from 'cloudflare:workers';
import type { AnswerCache } from '../server-parts.ts';

/** The cache of the data centre the request came to. */
const here = () => (caches as unknown as { default: Cache }).default;

/** A cache that fails is as good as an empty one. */
const report = (error: unknown) => {
  console.error(error);
  return undefined;
};

export const edgeCache: AnswerCache = {
  match: (url) => here().match(url).catch(report),
  put: (url, answer) => waitUntil(here().put(url, answer).catch(report)),
};
