/** @module Serves the built gallery from disk. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';
import { PINNED_CACHING, REVALIDATED_CACHING } from '../http/caching.ts';

/** Output folder of `pnpm build`. */
export const GALLERY = resolve(import.meta.dirname, '../../../web/dist');

/** Path prefix of files whose names contain a hash of their contents. */
export const HASHED_FILES = '/assets/';

/** Undefined if the gallery has not been built. */
export function serveGallery(folder: string): MiddlewareHandler | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  return serveStatic({
    root: folder,
    onFound: (_, context) => {
      const hashed = context.req.path.startsWith(HASHED_FILES);
      context.header('Cache-Control', hashed ? PINNED_CACHING : REVALIDATED_CACHING);
    },
  });
}
