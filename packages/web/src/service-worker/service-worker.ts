/**
 * @module Serves the page without a connection.
 *
 * The page's own files are cached together under one digest, so that a visitor never runs a mixture of two versions. A
 * new version is installed as a whole or not at all: every file is compared with the digest that the build wrote here, so
 * that a deployment in progress, or a host that answers a missing file with a page, cannot spoil it. It is used once the
 * last tab of the old one is closed, or when the visitor asks for it.
 *
 * Networks and ONNX Runtime's binaries have a digest in their address; they are cached when they are first used. A new
 * version also needs those that the old one has, so that it works without a connection as the old one did.
 */
declare const self: ServiceWorkerGlobalScope;

/**
 * Filled in by the build: addresses relative to the service worker, each with the first 16 digits of its file's SHA-256,
 * and a digest of them all.
 */
const { version, page, big } = JSON.parse('__PRECACHE__') as {
  version: string;
  page: Record<string, string>;
  big: Record<string, string>;
};

const PAGE_CACHE = `page-${version}`;
const BIG_CACHE = 'big-files';

const root = new URL('./', self.location.href).href;

/** The address relative to the service worker, or null outside the site. */
const relative = (address: string) => (address.startsWith(root) ? address.slice(root.length) : null);

/** The part of a big file's address that is the same for all its versions. */
const nameOf = (address: string) => new URL(address).pathname.replace(/-[\w-]{8}\.(wasm|js|onnx)$/, '.$1');

async function isIntact(content: ArrayBuffer, digest: string): Promise<boolean> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('') === digest;
}

/**
 * The answer to keep, or null if it is not the file of this digest. Made anew, because browsers refuse an answer to a
 * navigation that came by a redirect, such as one from /index.html to /.
 */
async function intact(response: Response, digest: string): Promise<Response | null> {
  if (response.status !== 200) return null;
  const content = await response.arrayBuffer();
  if (!(await isIntact(content, digest))) return null;
  const headers = new Headers(response.headers);
  // The content is decoded by now.
  for (const name of ['Content-Encoding', 'Content-Length']) headers.delete(name);
  return new Response(content, { headers });
}

/** @throws Error if what arrives is not the file of this version */
async function fetchIntact(address: string, digest: string, cache: RequestCache): Promise<Response> {
  const response = await intact(await fetch(address, { cache }), digest);
  if (!response) throw new Error(`${address} is not the file of this version of the page.`);
  return response;
}

/** Caches a big file unless it is there. */
async function keep(address: string): Promise<void> {
  const digest = big[relative(address) ?? ''];
  if (!digest) return;
  const cache = await caches.open(BIG_CACHE);
  const kept = await cache.match(address);
  if (kept && (await intact(kept, digest))) return;
  const fetched = await fetchIntact(address, digest, 'default').catch(() => fetchIntact(address, digest, 'reload'));
  await cache.put(address, fetched);
}

async function install(): Promise<void> {
  const cache = await caches.open(PAGE_CACHE);
  try {
    const files = Object.entries(page);
    // Asks the server, because the browser's own cache may hold files of an older version.
    const fetched = await Promise.all(files.map(([file, digest]) => fetchIntact(root + file, digest, 'no-cache')));
    for (const [i, [file]] of files.entries()) await cache.put(root + file, fetched[i]!);
    const kept = new Set((await (await caches.open(BIG_CACHE)).keys()).map(({ url }) => nameOf(url)));
    await Promise.all(
      Object.keys(big)
        .map((file) => root + file)
        .filter((address) => kept.has(nameOf(address)))
        .map(keep),
    );
  } catch (error) {
    await caches.delete(PAGE_CACHE);
    throw error;
  }
}

/** Removes what only older versions need. Tabs that still run one keep their files until the next time. */
async function clean(): Promise<void> {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (tabs.length > 0) return;
  for (const name of await caches.keys()) if (name !== PAGE_CACHE && name !== BIG_CACHE) await caches.delete(name);
  const cache = await caches.open(BIG_CACHE);
  for (const { url } of await cache.keys()) {
    const digest = big[relative(url) ?? ''];
    const kept = digest && (await cache.match(url));
    if (!kept || !(await intact(kept, digest))) await cache.delete(url);
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(clean().then(() => self.clients.claim())));

type Message = { kind: 'keep'; addresses: string[] } | { kind: 'take-over' };

self.addEventListener('message', (event) => {
  const message = event.data as Message;
  if (message.kind === 'take-over') event.waitUntil(self.skipWaiting());
  // A file that does not arrive is asked for again at the next visit.
  else event.waitUntil(Promise.allSettled(message.addresses.map(keep)));
});

/** From the cache, else from the server. `cache: 'reload'` asks the server first, and replaces what was cached. */
async function answerBig(event: FetchEvent, digest: string): Promise<Response> {
  const { request } = event;
  const cache = await caches.open(BIG_CACHE);
  const kept = request.cache === 'reload' ? undefined : await cache.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  const copy = response.clone();
  const store = async () => {
    const good = await intact(copy, digest);
    if (good) return cache.put(request.url, good);
    const old = await cache.match(request.url);
    if (old && !(await intact(old, digest))) await cache.delete(request.url);
  };
  // What is not kept is asked for again.
  event.waitUntil(store().catch(() => {}));
  return response;
}

async function answerPage(request: Request, file: string): Promise<Response> {
  const kept = await (await caches.open(PAGE_CACHE)).match(root + file);
  if (!kept) return fetch(request);
  return request.cache === 'reload' ? fetch(request).catch(() => kept) : kept;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = relative(request.url);
  if (request.method !== 'GET' || address === null) return;
  const digest = big[address];
  if (digest) {
    event.respondWith(answerBig(event, digest));
    return;
  }
  const path = address.replace(/[?#].*$/, '');
  const file = path === '' ? 'index.html' : path;
  if (Object.hasOwn(page, file)) event.respondWith(answerPage(request, file));
  // A part of an older version, which a tab opened before this one took over still needs.
  else if (path.startsWith('assets/'))
    event.respondWith(caches.match(request.url).then((old) => old ?? fetch(request)));
});
