/** @module The app on Node, with onnxruntime-node and node:http. */

import { openAsBlob } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { UserError } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import type { Context } from 'hono';
import { createApp } from '../app.ts';
import { createGenerator } from '../generator.ts';
import { API_PATHS } from '../openapi/document.ts';
import { requireDistinct } from '../options.ts';
import type { ServedModel } from '../server-parts.ts';
import { logRequests } from './access-log.ts';
import { createBeginWork } from './begin-work.ts';
import { compileCodecs } from './compile-codecs.ts';
import { handleConnections } from './connections.ts';
import { serveGallery } from './gallery.ts';
import { createPictureCache } from './picture-cache.ts';
import { hostProblem, invalidTarget, MAX_HEADER_SIZE, refuseUnreadable } from './unreadable-requests.ts';

interface ServerOptions {
  /** Model folders; the first answers requests that name no model. */
  readonly models: readonly string[];
  /** Folder of the built gallery; may be missing. */
  readonly gallery: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** Address to listen on; 0.0.0.0 means all addresses. */
  readonly host: string;
  /**
   * Whether a reverse proxy in front sets X-Forwarded-For and X-Forwarded-Proto: rate limits then count its last address, and
   * previews of links name its scheme.
   */
  readonly trustProxy?: boolean;
  /** Whether /metrics answers measurements for Prometheus. */
  readonly metrics?: boolean;
  /** Takes a line of JSON for each request. */
  readonly log?: (line: string) => void;
  /** When the server closes: how long /readyz says so before it stops accepting connections, ms. */
  readonly drain?: number;
}

interface RunningServer {
  readonly url: string;
  readonly modelNames: readonly string[];
  readonly hasGallery: boolean;
  /** Stops accepting requests and resolves when running ones are finished; after `patience` ms it aborts them. */
  close(patience?: number): Promise<void>;
}

/** Of pictures made last. */
const CACHED_BYTES = 64 * 2 ** 20;

/** How long running requests may take when the server closes, ms: less than the 10 s after which Docker kills. */
const PATIENCE = 8000;

/**
 * Loads the models, then listens.
 *
 * @throws UserError for an unusable model, two of one name, or an address that is in use or not available
 */
export async function startServer({
  models: folders,
  gallery,
  port,
  host,
  trustProxy = false,
  metrics = false,
  log,
  drain = 0,
}: ServerOptions): Promise<RunningServer> {
  const models = await Promise.all(folders.map(openModel));
  const names = models.map(({ generator }) => generator.manifest.name);
  requireDistinct(names);
  const files = serveGallery(gallery);
  const { beginWork, acceptedUnits } = createBeginWork({ trustProxy });
  let ending = false;
  const app = createApp({
    models,
    codecs: await compileCodecs(),
    runtime: `node ${process.arch}`,
    cache: createPictureCache(CACHED_BYTES),
    beginWork,
    isEnding: () => ending,
    ...(trustProxy && { schemeOf: forwardedScheme }),
    ...(files && { gallery: files }),
  });
  // HTTP/1.0 requests, such as health checks of load balancers, need no Host.
  const server = createServer({ maxHeaderSize: MAX_HEADER_SIZE, requireHostHeader: false });
  // Without this Node answers 417 itself, without a document; a server may ignore what it does not know.
  server.on('checkExpectation', (incoming, outgoing) => server.emit('request', incoming, outgoing));
  // A client may say that it sends nothing more, and still wait for its answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  if (log) logRequests(server, { trustProxy, write: log });
  // Loaded only if wanted.
  const answerMetrics = metrics
    ? (await import('./metrics.ts')).measureRequests(server, { paths: API_PATHS, workUnits: acceptedUnits })
    : undefined;
  const listener = getRequestListener(
    (request, bindings) => {
      const { incoming } = bindings as HttpBindings;
      const problem = hostProblem(incoming);
      if (problem) return problem.response;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      if (answerMetrics && isRead && incoming.url!.split('?', 1)[0] === '/metrics') return answerMetrics();
      return app.fetch(request, bindings);
    },
    { hostname: 'localhost', errorHandler: () => invalidTarget().response },
  );
  const close = handleConnections(server, listener, refuseUnreadable);
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    modelNames: names,
    hasGallery: files !== undefined,
    close: async (patience = PATIENCE) => {
      ending = true;
      if (drain > 0) await sleep(drain);
      await close(patience);
    },
  };
}

async function openModel(folder: string): Promise<ServedModel> {
  // One thread a picture: several requests then run side by side on Node's thread pool, without waiting for each other.
  const exported = await ExportedModel.open(folder, { threads: 1 });
  const { file, manifest } = exported;
  const generator = createGenerator(manifest, async () => (z) => exported.run(z));
  await generator.ready();
  return { generator, openModelFile: () => openAsBlob(file) };
}

/** The scheme that a client used with the proxy; the last one if there are several proxies. */
function forwardedScheme({ req }: Context): 'https' | 'http' | undefined {
  const scheme = req.header('X-Forwarded-Proto')?.split(',').at(-1)?.trim().toLowerCase();
  return scheme === 'https' || scheme === 'http' ? scheme : undefined;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'the port is in use; choose another --port' : error.message;
      reject(new UserError(`Cannot listen on ${host}, port ${port}: ${reason}.`));
    });
    server.listen(port, host, resolve);
  });
}
