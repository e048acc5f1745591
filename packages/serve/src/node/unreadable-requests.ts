/** @module Problem documents for requests that are not HTTP, or not HTTP that can become a `Request`. */

import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem } from '../http/problem.ts';
import { CONNECT } from './connections.ts';

/** Bytes. Larger than the app's limit for URLs, so that the app can report a long URL. */
export const MAX_HEADER_SIZE = 65_536;

/** A request whose target or Host cannot become a URL. */
export const invalidTarget = () =>
  new Problem('invalid-parameter', 'The request is not valid HTTP: its target or Host is invalid.');

/** The problem of a request without exactly one Host, which HTTP/1.1 requires (RFC 9112, section 3.2). */
export function hostProblem({ httpVersion, rawHeaders }: IncomingMessage): Problem | undefined {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts === 1 || (hosts === 0 && httpVersion === '1.0')) return undefined;
  return new Problem('invalid-parameter', `The request has ${hosts} Host headers: HTTP/1.1 requires one.`);
}

/** Answers a request that Node does not make a `Request` of, directly on its socket. */
export async function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): Promise<void> {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const { response } = parserProblem(error, socket);
  const { status, headers } = response;
  const body = await response.text();
  const lines = Array.from(headers, (header) => header.join(': '));
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...lines,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
}

/** https://nodejs.org/api/http.html#event-clienterror */
type ParserError = NodeJS.ErrnoException & { bytesParsed?: number; rawPacket?: Buffer };

function parserProblem(error: ParserError, { bytesRead }: Socket): Problem {
  const packet = error.rawPacket?.toString('latin1') ?? '';
  // The line in which the parser stopped.
  const start = packet.lastIndexOf('\n', (error.bytesParsed ?? 0) - 1) + 1;
  const [line] = packet.slice(start).split(/\r?\n/, 1) as [string];
  const endsRequestLine = / HTTP\/1\.\d$/.test(line);
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    // The URL is too long if its line has not ended within the first packet, or ends in a later one.
    const isFirst = bytesRead === packet.length;
    if (isFirst ? line.length === packet.length : endsRequestLine) {
      return new Problem('uri-too-long', `The URL has more than ${MAX_HEADER_SIZE} bytes.`);
    }
    return new Problem('headers-too-large', `The headers have more than ${MAX_HEADER_SIZE} bytes, or are too many.`);
  }
  if (error.code === CONNECT || (error.code === 'HPE_INVALID_METHOD' && endsRequestLine)) {
    const what = error.code === CONNECT ? 'CONNECT is not allowed.' : 'Unknown method.';
    return new Problem('method-not-allowed', `${what} Allowed: GET, HEAD, OPTIONS.`, {
      headers: { Allow: 'GET, HEAD, OPTIONS' },
    });
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new Problem('request-timeout', 'The request took too long to arrive.');
  }
  return new Problem('invalid-parameter', 'The request is not valid HTTP.');
}
