/** @module The address of the client of a request. */

import type { IncomingMessage } from 'node:http';
import { clientNetwork } from '../http/client-network.ts';

/** @param trustProxy whether the last address in X-Forwarded-For, set by a reverse proxy, is the client's */
export function clientAddress({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy
    ? String(headers['x-forwarded-for'] ?? '')
        .split(',')
        .at(-1)!
        .trim()
    : '';
  return clientNetwork(forwarded) === undefined ? (socket.remoteAddress ?? '') : forwarded;
}
