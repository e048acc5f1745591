import { EventEmitter } from 'node:events';
import type { Context } from 'hono';
import { expect, test } from 'vitest';
import { Problem } from '../http/problem.ts';
import { createBeginWork } from './begin-work.ts';

/** A request from an address, with an X-Forwarded-For. */
function from(remoteAddress: string, forwarded?: string): Context {
  return {
    req: { raw: { signal: new AbortController().signal } },
    env: {
      incoming: {
        headers: { 'x-forwarded-for': forwarded },
        socket: Object.assign(new EventEmitter(), { remoteAddress }),
      },
    },
  } as unknown as Context;
}

/** Work for so many requests, ended at once; the status of each. */
async function statuses(beginWork: ReturnType<typeof createBeginWork>['beginWork'], contexts: Context[], cost: number) {
  const found: number[] = [];
  for (const context of contexts) {
    try {
      (await beginWork(context, cost)).end();
      found.push(200);
    } catch (error) {
      const { response } = error as Problem;
      expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
      found.push(response.status);
    }
  }
  return found;
}

const OK = (count: number) => Array<number>(count).fill(200);
const direct = () => createBeginWork({ trustProxy: false }).beginWork;
const behindProxy = () => createBeginWork({ trustProxy: true }).beginWork;

test('a client is limited by what its pictures cost: 240 units at once', async () => {
  const client = from('203.0.113.1');
  expect(await statuses(direct(), Array(4).fill(client), 76)).toEqual([...OK(3), 429]);
  expect(await statuses(direct(), Array(241).fill(client), 1)).toEqual([...OK(240), 429]);
});

test('a network of 64 bits is one IPv6 client; other networks and addresses are others', async () => {
  const beginWork = direct();
  const network = Array.from({ length: 4 }, (_, host) => from(`2001:db8:0:1::${host}`));
  expect(await statuses(beginWork, network, 76)).toEqual([...OK(3), 429]);
  expect(await statuses(beginWork, [from('2001:db8:0:2::1'), from('203.0.113.9')], 76)).toEqual(OK(2));
  expect(await statuses(beginWork, Array(4).fill(from('::ffff:203.0.113.10')), 76)).toEqual([...OK(3), 429]);
  expect(await statuses(beginWork, [from('203.0.113.10')], 76)).toEqual([429]);
});

test('this machine is not limited', async () => {
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    expect(await statuses(direct(), Array(20).fill(from(address)), 76)).toEqual(OK(20));
  }
});

test('X-Forwarded-For is believed only behind a proxy, and only its last address, which the proxy adds', async () => {
  const spoofing = (proxy: string, client: string) =>
    Array.from({ length: 4 }, (_, index) => from(proxy, `198.51.100.${index}, ${client}`));
  expect(await statuses(behindProxy(), spoofing('127.0.0.1', '203.0.113.1'), 76)).toEqual([...OK(3), 429]);
  expect(await statuses(behindProxy(), spoofing('10.0.0.1', ' 2001:db8::7 '), 76)).toEqual([...OK(3), 429]);
  expect(await statuses(behindProxy(), spoofing('10.0.0.1', 'unknown'), 76)).toEqual([...OK(3), 429]);
  expect(await statuses(direct(), spoofing('127.0.0.1', '203.0.113.1'), 76)).toEqual(OK(4));
  const changing = Array.from({ length: 4 }, (_, index) => from('203.0.113.1', `198.51.100.${index}`));
  expect(await statuses(direct(), changing, 76)).toEqual([...OK(3), 429]);
});

test('work beyond 1,000 units is refused with 503 until some has ended, the expensive first', async () => {
  const beginWork = direct();
  const local = from('127.0.0.1');
  const running = await Promise.all(Array.from({ length: 13 }, () => beginWork(local, 76)));
  expect(await statuses(beginWork, [local], 76)).toEqual([503]);
  expect(await statuses(beginWork, [local], 12)).toEqual([200]);
  running[0]!.end();
  expect(await statuses(beginWork, [local], 76)).toEqual([200]);
});

test('what is refused costs nothing', async () => {
  const beginWork = direct();
  const client = from('203.0.113.1');
  for (let refused = 0; refused < 10; refused++) {
    await expect(beginWork(client, 1001)).rejects.toThrow(Problem);
  }
  expect(await statuses(beginWork, [client], 240)).toEqual([200]);
});

test('a connection keeps nothing of the pictures that were made for it', async () => {
  const beginWork = direct();
  const local = from('127.0.0.1');
  const { socket } = (local.env as { incoming: { socket: EventEmitter } }).incoming;
  const running = [await beginWork(local, 76), await beginWork(local, 3)];
  expect(socket.listenerCount('end')).toBe(2);
  for (const work of running) work.end();
  expect(socket.listenerCount('end')).toBe(0);
});
