/**
 * @module Serves the page without a connection.
 *
 * The page's own files are cached together under one digest, so that a visitor never runs a mixture of two versions: a
 * new version is fetched as a whole, and used once the last tab of the old one is closed. Networks and ONNX Runtime's
 * binaries have a digest in their address; they are cached when they are first used.
 */
declare const self: ServiceWorkerGlobalScope;

/** Filled in by the build: the page's files, relative to the service worker, and a digest of them all. */
const { version, files } = JSON.parse('__PRECACHE__') as { version: string; files: string[] };

const PAGE_CACHE = `page-${version}`;
const BIG_CACHE = 'big-files';

const root = new URL('./', self.location.href).href;

/** Addresses whose content never changes: they hold a digest in their path or query. */
function isKeptForEver(address: string): boolean {
  const { pathname, searchParams } = new URL(address);
  if (!address.startsWith(root)) return false;
  const path = pathname.slice(new URL(root).pathname.length);
  return (
    (path.startsWith('assets/') && path.endsWith('.wasm')) ||
    path.startsWith('assets/studio/') ||
    (path.startsWith('models/') && searchParams.has('v'))
  );
}

/** The part of a big file's address that is the same for all its versions. */
const nameOf = (address: string) => new URL(address).pathname.replace(/-[\w-]{8}\.(wasm|js|onnx)$/, '.$1');

/** Caches a big file and removes its older versions. */
async function store(address: string, response: Response): Promise<void> {
  const cache = await caches.open(BIG_CACHE);
  await cache.put(address, response);
  for (const { url } of await cache.keys()) {
    if (url !== address && nameOf(url) === nameOf(address)) await cache.delete(url);
  }
}

async function keep(address: string): Promise<void> {
  if (await caches.match(address)) return;
  const response = await fetch(address);
  if (response.status === 200) await store(address, response);
}

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches.open(PAGE_CACHE).then((cache) =>
      // Bypasses the browser's own cache, which may hold files of an older version.
      cache.addAll(files.map((file) => new Request(root + file, { cache: 'no-cache' }))),
    ),
  );
});

self.addEventListener('activate', (event) => {
  const clean = async () => {
    for (const name of await caches.keys()) if (name !== PAGE_CACHE && name !== BIG_CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener('message', (event) => {
  const { kind, addresses } = event.data as { kind: string; addresses: string[] };
  if (kind === 'keep') event.waitUntil(Promise.all(addresses.filter(isKeptForEver).map(keep)));
});

async function answerBig(request: Request): Promise<Response> {
  const kept = await caches.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) void store(request.url, response.clone());
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(root)) return;
  if (isKeptForEver(request.url)) {
    event.respondWith(answerBig(request));
    return;
  }
  const address = new URL(request.url);
  const path = address.pathname.slice(new URL(root).pathname.length);
  const file = path === '' ? 'index.html' : path;
  if (!files.includes(file)) return;
  event.respondWith(
    caches
      .open(PAGE_CACHE)
      .then((cache) => cache.match(root + file))
      .then((kept) => kept ?? fetch(request)),
  );
});
