/** @module A plain static host: files of some folders, no special header but for isolation if it is asked for. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

interface SiteOptions {
  /** Folders by the first part of the path. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Pages by path. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Headers of every answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Site {
  readonly address: string;
  /** Paths of all requests so far. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function serveSite({ folders = {}, pages = {}, headers = {} }: SiteOptions): Promise<Site> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url!, 'http://localhost').pathname));
    requests.push(path);
    const [, first = '', ...rest] = path.split('/');
    const folder = folders[first];
    const body = pages[path] ?? (folder && (await readFile(join(folder, ...rest)).catch(() => undefined)));
    if (body === undefined) {
      response.writeHead(404).end('Not found');
      return;
    }
    const type = path in pages ? 'text/html; charset=utf-8' : (TYPES[extname(path)] ?? 'application/octet-stream');
    response.writeHead(200, { 'content-type': type, ...headers }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
