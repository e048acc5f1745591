/** @module The gallery's build, served from disk. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

/** Where `pnpm build` puts it. */
export const GALLERY = resolve(import.meta.dirname, '../../../web/dist');

/** Vite names these files after their contents. */
export const HASHED_FILES = '/assets/';

/** Undefined where the gallery has not been built. */
export function serveGallery(folder: string): MiddlewareHandler | undefined {
  if (!existsSync(join(folder, 'index.html'))) return undefined;
  return serveStatic({
    root: folder,
    onFound: (_, context) => {
      const hashed = context.req.path.startsWith(HASHED_FILES);
      context.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'public, no-cache');
    },
  });
}
