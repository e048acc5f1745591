/** @module The HTTP API, independent of the runtime. */

import { type Context, type Handler, Hono } from 'hono';
import { cors } from 'hono/cors';
import { docsPage } from './docs/docs-page.ts';
import { entityTag } from './http/entity-tag.ts';
import { INDEX_PATH, LINK_PREVIEWS } from './http/link-previews.ts';
import { excerpt, Problem } from './http/problem.ts';
import { SECURITY_HEADERS, TRANSPORT_SECURITY } from './http/security-headers.ts';
import { openApiDocument } from './openapi/document.ts';
import { type PictureQueries, pictureQueries } from './parameters/queries.ts';
import { answerFixed } from './routes/answer-fixed.ts';
import { whenReady } from './routes/answer-picture.ts';
import { byModel } from './routes/by-model.ts';
import { generateRoute } from './routes/generate.ts';
import { generateFileRoute } from './routes/generate-file.ts';
import { generateZipRoute } from './routes/generate-zip.ts';
import { gridRoute } from './routes/grid.ts';
import { gridJsonRoute } from './routes/grid-json.ts';
import { interpolateRoute } from './routes/interpolate.ts';
import { mixRoute } from './routes/mix.ts';
import { modelFileRoute, modelRoute } from './routes/model.ts';
import { modelsRoute } from './routes/models.ts';
import { SHARE_PATH, shareRoute } from './routes/share.ts';
import type { AppParts, ServedModel, ServerParts } from './server-parts.ts';

/** Enough for 64 seeds of 64 letters, or of 10 characters that are percent-encoded as 12 (%F0%9F%90%95). */
const LONGEST_URL = 8192;
/** There is no end to pictures. Only sites that show a preview of a link fetch the one that it names. */
const ROBOTS = `User-agent: *
Disallow: /generate
Disallow: /interpolate
Disallow: /mix
Disallow: /grid
Disallow: ${SHARE_PATH}

User-agent: Twitterbot
User-agent: facebookexternalhit
User-agent: LinkedInBot
User-agent: Slackbot-LinkExpanding
User-agent: Discordbot
User-agent: TelegramBot
User-agent: WhatsApp
Allow: /
`;
/** What scripts of other sites may read besides the headers that are always readable. */
const EXPOSED = [
  'Content-Disposition',
  'Content-Location',
  'ETag',
  'Model-Name',
  'Model-SHA256',
  'Retry-After',
  'Server-Timing',
];
const METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * The routes of the OpenAPI document (openapi/document.ts) and /robots.txt, and the gallery for all other paths. Every error is a problem document.
 *
 * @example
 * const app = createApp(parts);
 * const response = await app.fetch(new Request('http://localhost/generate?seed=42'));
 */
export function createApp({ models, ...parts }: AppParts): Hono {
  const [first] = models as readonly [ServedModel];
  const { manifest } = first.generator;
  const names = models.map(({ generator }) => generator.manifest.name);
  const document = openApiDocument(pictureQueries(manifest), names);
  const isEncrypted = (context: Context) => (parts.schemeOf?.(context) ?? context.req.url.split(':', 1)[0]) === 'https';
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) context.res.headers.set(name, value);
    context.res.headers.set('Timing-Allow-Origin', '*');
    if (isEncrypted(context)) context.res.headers.set('Strict-Transport-Security', TRANSPORT_SECURITY);
  });
  app.use(refuseMethods, cors({ origin: '*', allowMethods: METHODS, exposeHeaders: EXPOSED, maxAge: 86_400 }));
  app.use(refuseBadUrls);

  const route = (path: string, make: (parts: ServerParts, queries: PictureQueries) => Handler) =>
    app.get(
      path,
      byModel(models, (model) => make({ ...parts, ...model }, pictureQueries(model.generator.manifest))),
    );
  route('/generate', (own, queries) => generateRoute(own, queries.generate));
  app.get('/generate/:file', generateFileRoute(app));
  route('/generate.json', (own, queries) => generateRoute(own, queries.generateJson));
  route('/generate.zip', (own, queries) => generateZipRoute(own, queries.generateZip));
  route('/interpolate', (own, queries) => interpolateRoute(own, queries.interpolate));
  route('/interpolate.json', (own, queries) => interpolateRoute(own, queries.interpolateJson));
  route('/mix', (own, queries) => mixRoute(own, queries.mix));
  route('/mix.json', (own, queries) => mixRoute(own, queries.mixJson));
  route('/grid', (own, queries) => gridRoute(own, queries.grid));
  route('/grid.json', (own, queries) => gridJsonRoute(own, queries));
  app.get(`${SHARE_PATH}:dogs`, shareRoute(models, parts.schemeOf));
  app.get('/models', modelsRoute(models));
  route('/model', (own, queries) => modelRoute(own, queries.model));
  route('/model/generator.onnx', (own, queries) => modelFileRoute(own, queries.model));
  const openApiText = JSON.stringify(document);
  app.get('/openapi.json', async (context) => {
    const mediaTypes = ['application/json', 'application/vnd.oai.openapi+json'] as const;
    return answerFixed(context, { tag: entityTag(openApiText), mediaTypes }, () => openApiText);
  });
  app.get('/docs', async (context) => {
    const { host } = new URL(context.req.url);
    const docs = String(docsPage(document, `${isEncrypted(context) ? 'https' : 'http'}://${host}`));
    return answerFixed(context, { tag: entityTag(docs), mediaTypes: ['text/html; charset=utf-8'] }, () => docs);
  });
  app.get('/robots.txt', (context) => context.text(ROBOTS));
  app.get('/readyz', async (_, next) => {
    if (parts.isEnding?.())
      throw new Problem('shutting-down', 'The server is ending.', { headers: { 'Retry-After': '10' } });
    await next();
  });
  app.on('GET', ['/healthz', '/readyz'], async (context) => {
    await whenReady(first.generator);
    context.header('Cache-Control', 'no-store');
    return context.json({ status: 'ok', model: manifest.name, sha256: manifest.generator.sha256 });
  });

  app.use(INDEX_PATH, async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(LINK_PREVIEWS)) context.res.headers.set(name, value);
  });
  if (parts.gallery) app.use(parts.gallery);
  // Without a gallery, / redirects to the documentation.
  app.get('/', (context) => context.redirect('/docs'));
  app.notFound((context) => {
    const { pathname, search } = new URL(context.req.url);
    const withoutSlash = pathname.replace(/\/$/, '');
    if (withoutSlash !== pathname && withoutSlash in document.paths) {
      return context.redirect(withoutSlash + search, 308);
    }
    const paths = Object.keys(document.paths).join(', ');
    return new Problem('not-found', `Nothing found at ${excerpt(context.req.path)}. Available: ${paths}.`).response;
  });
  app.onError((error, context) => {
    if (error instanceof Problem) return error.response;
    // The client has left, so that its work was given up. Nobody sees this answer.
    if (context.req.raw.signal.aborted) return new Response(null, { status: 499 });
    console.error(error);
    return new Problem('internal-error', 'Unexpected server error.').response;
  });
  return app;
}

async function refuseMethods({ req }: Context, next: () => Promise<void>): Promise<void> {
  if (METHODS.includes(req.method)) return next();
  const allowed = METHODS.join(', ');
  throw new Problem('method-not-allowed', `${excerpt(req.method)} is not allowed. Allowed: ${allowed}.`, {
    headers: { Allow: allowed },
  });
}

async function refuseBadUrls({ req }: Context, next: () => Promise<void>): Promise<void> {
  // A runtime may hand over a URL whose host is no host, such as 1.2.3.4.5.
  if (!URL.canParse(req.url)) throw new Problem('invalid-parameter', 'The Host of the request is invalid.');
  if (req.url.length <= LONGEST_URL) return next();
  throw new Problem('uri-too-long', `The URL has ${req.url.length} characters; at most ${LONGEST_URL} are allowed.`);
}
