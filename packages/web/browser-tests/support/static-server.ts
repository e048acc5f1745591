/** @module Serves a built page as the Worker does: with the isolation headers, and a policy that allows no other origin. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.onnx': 'application/octet-stream',
};

/** Nothing from elsewhere, nothing inline. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

export interface StaticServer {
  address: string;
  /** The paths of all requests so far. */
  requests: string[];
  /** Those that sent more than an address: with a body, or by another method than GET. */
  uploads: string[];
  /**
   * Serves the files of another folder from now on, as after an update of the site.
   *
   * @param isOld the paths that still have their old files, as in the middle of an update
   */
  update(folder: string, isOld?: (path: string) => boolean): void;
  close(): Promise<void>;
}

/** What a host does differently. */
export interface HostManners {
  /** Whether the page gets shared memory, which threads need. */
  isolated?: boolean;
  /** Redirects /index.html to /, as Cloudflare Pages, Netlify and `npx serve` do. */
  redirectsIndex?: boolean;
  /** Sends .mjs and .wasm as bytes of an unknown type, as a web server with an old list of types does. */
  knowsNoModules?: boolean;
  /** Answers what is missing with the page and status 200, as hosts of single-page applications do. */
  fallsBackToPage?: boolean;
}

export async function serveStatic(
  initialFolder: string,
  { isolated = true, redirectsIndex = false, knowsNoModules = false, fallsBackToPage = false }: HostManners = {},
): Promise<StaticServer> {
  const requests: string[] = [];
  const uploads: string[] = [];
  let folder = initialFolder;
  let older: { folder: string; isOld: (path: string) => boolean } | null = null;
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://localhost').pathname);
    requests.push(path);
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
    if (request.method !== 'GET' || length !== undefined || encoding !== undefined) uploads.push(path);
    if (redirectsIndex && path === '/index.html') {
      response.writeHead(308, { location: '/' }).end();
      return;
    }
    const from = older?.isOld(path) ? older.folder : folder;
    const fileOf = (name: string) => resolve(from, join('.', name === '/' ? 'index.html' : name));
    const isFile = async (name: string) => (await stat(name).catch(() => null))?.isFile() === true;
    const asked = fileOf(path);
    const exists = asked.startsWith(resolve(from)) && (await isFile(asked));
    if (!exists && !fallsBackToPage) {
      response.writeHead(404).end('Not found');
      return;
    }
    const file = exists ? asked : fileOf('/');
    const found = await stat(file);
    const type = TYPES[extname(file)];
    const isUnknown = type === undefined || (knowsNoModules && /\.(mjs|wasm)$/.test(file));
    response.writeHead(200, {
      'content-type': isUnknown ? 'application/octet-stream' : type,
      'content-length': found.size,
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      ...(isolated ? ISOLATION : {}),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/`,
    requests,
    uploads,
    update: (newer, isOld = () => false) => {
      older = { folder, isOld };
      folder = newer;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
