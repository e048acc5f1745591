/** @module One line of JSON for each request that was answered. */

import type { Server } from 'node:http';
import { clientAddress } from './client-address.ts';

/** Characters of a target; longer ones are cut. */
const LONGEST_TARGET = 1000;

interface LogOptions {
  readonly trustProxy: boolean;
  readonly write: (line: string) => void;
}

/** Requests that are not HTTP are not logged. */
export function logRequests(server: Server, { trustProxy, write }: LogOptions): void {
  server.on('request', (incoming, outgoing) => {
    const started = performance.now();
    outgoing.once('close', () => {
      const entry = {
        time: new Date().toISOString(),
        client: clientAddress(incoming, trustProxy),
        method: incoming.method,
        target: incoming.url!.slice(0, LONGEST_TARGET),
        // Without an answer the client left before.
        status: outgoing.headersSent ? outgoing.statusCode : null,
        complete: outgoing.writableFinished,
        milliseconds: Math.round(10 * (performance.now() - started)) / 10,
        agent: incoming.headers['user-agent']?.slice(0, LONGEST_TARGET),
      };
      write(`${JSON.stringify(entry)}\n`);
    });
  });
}
