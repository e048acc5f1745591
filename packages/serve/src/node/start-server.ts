/** @module The app on Node: onnxruntime-node behind node:http. */

import { openAsBlob } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { UserError } from '@latent-dogs/latent';
import { createApp } from '../app.ts';
import { createGenerator } from '../generator.ts';
import { Problem } from '../http/problem.ts';
import { compileCodecs } from './compile-codecs.ts';
import { readModelFolder } from './find-model.ts';
import { serveGallery } from './gallery.ts';
import { openOnnxSession } from './onnx-session.ts';

interface ServerOptions {
  /** Model folder. */
  readonly model: string;
  /** Folder of the gallery's build; nothing is served of one that isn't there. */
  readonly gallery: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to listen at; 0.0.0.0 is every one this machine has. */
  readonly host: string;
}

interface RunningServer {
  readonly url: string;
  readonly modelName: string;
  readonly hasGallery: boolean;
  /** Takes no more requests, finishes those that came, and resolves; after `patience` ms it cuts them off. */
  close(patience?: number): Promise<void>;
}

/** Room for URLs beyond the app's limit, so that the app can say so. Bytes. */
const MAX_HEADER_SIZE = 65_536;

/**
 * Loads the model, then listens.
 *
 * @throws UserError for a model that cannot be used or an address that cannot be listened at
 */
export async function startServer({ model, gallery, port, host }: ServerOptions): Promise<RunningServer> {
  const { file, manifest } = await readModelFolder(model);
  const generator = createGenerator(manifest, () => openOnnxSession(file));
  await generator.ready();
  const files = serveGallery(gallery);
  const app = createApp({
    generator,
    codecs: await compileCodecs(),
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

/** A request that Node could read but that no `Request` can be made of, such as one with an illegal Host. */
function refuse(): Response {
  return new Problem('invalid-parameter', 'The request is not legal HTTP: its target or Host cannot be understood.')
    .response;
}

/** What Node's parser refuses never becomes a request; it is answered on the bare connection. */
async function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): Promise<void> {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const problem =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('uri-too-long', `The URL and headers have more than ${MAX_HEADER_SIZE} bytes.`)
      : new Problem('invalid-parameter', 'The request is not legal HTTP.');
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
      const reason =
        error.code === 'EADDRINUSE' ? 'something else listens there; choose another --port' : error.message;
      reject(new UserError(`Cannot listen at ${host}, port ${port}: ${reason}.`));
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
