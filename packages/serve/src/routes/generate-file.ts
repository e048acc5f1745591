/** @module GET /generate/luna.png: the dog of a seed by a path, for places that take no query, such as avatars. */

import type { Handler, Hono } from 'hono';

/** What the end of the name means, as the query of /generate or as a path of its own. */
const ENDINGS: Readonly<Record<string, { path: string; format?: string }>> = {
  png: { path: '/generate', format: 'png' },
  webp: { path: '/generate', format: 'webp' },
  jpg: { path: '/generate', format: 'jpeg' },
  jpeg: { path: '/generate', format: 'jpeg' },
  avif: { path: '/generate', format: 'avif' },
  json: { path: '/generate.json' },
};

/** Answers as the same dog by its query does; its Content-Location is that URL. Other names are left to later routes. */
export function generateFileRoute(app: Hono): Handler<{ Bindings: object }, '/generate/:file'> {
  return async (context, next) => {
    const url = new URL(context.req.url);
    // As it is written: the query's decoder refuses what is not UTF-8, where the router's leaves it as text.
    const [, name, ending] = /\/([^/]+)\.(\w+)$/.exec(url.pathname) ?? [];
    const target = Object.hasOwn(ENDINGS, ending ?? '') ? ENDINGS[ending!]! : undefined;
    if (!name || !target) return next();
    const seed = name.replaceAll('&', '%26').replaceAll('+', '%2B');
    const format = target.format ? `&format=${target.format}` : '';
    url.pathname = target.path;
    url.search = `?seed=${seed}${format}${url.search.length > 1 ? `&${url.search.slice(1)}` : ''}`;
    const { method, headers, signal } = context.req.raw;
    return app.fetch(new Request(url, { method, headers, signal }), context.env);
  };
}
