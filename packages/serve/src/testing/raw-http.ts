/** @module HTTP as bytes, for what `fetch` would not send. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Sends text as it is and gives what comes back, Latin-1, until the server hangs up. */
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

/** Asks, and comes back as soon as the server is known to work at it; the result is the length of the body that then came. */
export async function askAndReturn(url: string, path: string): Promise<{ bodyLength: Promise<number> }> {
  const { socket, answer } = sendRaw(
    url,
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`,
  );
  await once(socket, 'data');
  const bodyLength = answer.then((text) => {
    const [, head, body] = /^HTTP\/1.1 100 Continue\r\n\r\n(HTTP\/1.1 200 OK\r\n.*?)\r\n\r\n(.*)$/s.exec(text)!;
    if (Number(/^content-length: (\d+)/im.exec(head!)?.[1]) !== body!.length) throw new Error('The body is not whole.');
    return body!.length;
  });
  return { bodyLength };
}
