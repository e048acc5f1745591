/** @module The app on Node, with onnxruntime-node and node:http. */

import { openAsBlob } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { UserError } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import { createApp } from '../app.ts';
import { createGenerator } from '../generator.ts';
import { Problem } from '../http/problem.ts';
import { compileCodecs } from './compile-codecs.ts';
import { serveGallery } from './gallery.ts';

interface ServerOptions {
  /** Model folder. */
  readonly model: string;
  /** Folder of the built gallery; may be missing. */
  readonly gallery: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** Address to listen on; 0.0.0.0 means all addresses. */
  readonly host: string;
}

interface RunningServer {
  readonly url: string;
  readonly modelName: string;
  readonly hasGallery: boolean;
  /** Stops accepting requests and resolves when running ones are finished; after `patience` ms it aborts them. */
  close(patience?: number): Promise<void>;
}

/** Bytes. Larger than the app's limit for URLs, so that the app can report a long URL. */
const MAX_HEADER_SIZE = 65_536;

/**
 * Loads the model, then listens.
 *
 * @throws UserError for an unusable model, or an address that is in use or not available
 */
export async function startServer({ model, gallery, port, host }: ServerOptions): Promise<RunningServer> {
  // One thread a picture: several requests then run side by side on Node's thread pool, without waiting for each other.
  const exported = await ExportedModel.open(model, { threads: 1 });
  const { file, manifest } = exported;
  const generator = createGenerator(manifest, async () => (z) => exported.run(z));
  await generator.ready();
  const files = serveGallery(gallery);
  const app = createApp({
    generator,
    codecs: await compileCodecs(),
    runtime: `node ${process.arch}`,
    openModelFile: () => openAsBlob(file),
    ...(files && { gallery: files }),
  });
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_SIZE },
    getRequestListener((request) => app.fetch(request), { errorHandler: refuse }),
  );
  server.on('clientError', refuseUnreadable);
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    modelName: manifest.name,
    hasGallery: files !== undefined,
    close: (patience = 10_000) => close(server, patience),
  };
}

/** Answers a request that Node parsed but that cannot become a `Request`, such as one with an invalid Host. */
function refuse(): Response {
  return new Problem('invalid-parameter', 'The request is not valid HTTP: its target or Host is invalid.').response;
}

/** Answers a request that Node's parser rejects, directly on its socket. */
async function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): Promise<void> {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('uri-too-long', `The URL and headers exceed ${MAX_HEADER_SIZE} bytes.`)
      : new Problem('invalid-parameter', 'The request is not valid HTTP.');
  const { status, headers } = problem.response;
  const body = await problem.response.text();
  const lines = Array.from(headers, (header) => header.join(': '));
  socket.end(
    [
      `HTTP/1.1 ${status} Refused`,
      ...lines,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
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

function close(server: Server, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), patience);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
