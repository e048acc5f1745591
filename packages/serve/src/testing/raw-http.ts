/** @module Raw HTTP, for requests that `fetch` cannot send. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Sends text unchanged; `answer` is everything received until the server closes the connection, Latin-1. */
export function sendRaw(url: string, text: string): { socket: Socket; answer: Promise<string> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('latin1');
  const answer = new Promise<string>((resolve) => {
    let received = '';
    socket.on('data', (data) => {
      received += data;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(received));
  });
  socket.write(text);
  return { socket, answer };
}

/** Sends a request and resolves once the server has started on it; `bodyLength` is the length of its answer. */
export async function startRequest(url: string, path: string): Promise<{ bodyLength: Promise<number> }> {
  const { socket, answer } = sendRaw(
    url,
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  await once(socket, 'data');
  const bodyLength = answer.then((text) => {
    const [, head, body] = /^HTTP\/1.1 100 Continue\r\n\r\n(HTTP\/1.1 200 OK\r\n.*?)\r\n\r\n(.*)$/s.exec(text)!;
    if (Number(/^content-length: (\d+)/im.exec(head!)?.[1]) !== body!.length)
      throw new Error('The body is incomplete.');
    return body!.length;
  });
  return { bodyLength };
}
