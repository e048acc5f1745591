/** @module What a client of the Node server notices of others that ask for the most expensive pictures, or leave. */
import { connect } from 'node:net';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { markdownTable } from './markdown.ts';
import type { Server } from './servers.ts';
import { percentile } from './statistics.ts';

const HEAVY_CLIENTS = 8;
const SECONDS = 20;
const LEAVING = 30;

/** 64 frames of 256 pixels of two random dogs: the most expensive picture. */
function animation(): string {
  const [from, to] = crypto.getRandomValues(new Uint32Array(2));
  return `/interpolate?from=${from}&to=${to}&frames=64&size=256`;
}

interface Wait {
  milliseconds: number;
  /** CPU time of the server meanwhile, ms. Where other programs want the processor, only this tells how fair it is. */
  cpu: number;
}

/** Requests for `path`, one after the other, for some seconds. */
async function waits(server: Server, path: () => string, seconds: number): Promise<Wait[]> {
  const found: Wait[] = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const [begun, cpu] = [performance.now(), server.cpuMilliseconds()];
    const response = await fetch(server.url + path());
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    found.push({ milliseconds: performance.now() - begun, cpu: server.cpuMilliseconds() - cpu });
  }
  return found;
}

export async function fairnessTables(server: Server, randomDog: () => string): Promise<string> {
  const probe = async (seconds: number) => {
    const [generate, healthz] = await Promise.all([
      waits(server, randomDog, seconds),
      waits(server, () => '/healthz', seconds),
    ]);
    return { generate, healthz };
  };
  await probe(2);
  const alone = await probe(SECONDS / 4);

  let loading = true;
  let animations = 0;
  const before = server.cpuSeconds();
  const heavy = Array.from({ length: HEAVY_CLIENTS }, async () => {
    while (loading) {
      await (await fetch(server.url + animation())).arrayBuffer();
      animations++;
    }
  });
  const beside = await probe(SECONDS);
  loading = false;
  await Promise.all(heavy);
  const busy = server.cpuSeconds() - before;

  const rows = Object.entries({ 'no others': alone, [`${HEAVY_CLIENTS} animations at a time`]: beside }).map(
    ([name, { generate, healthz }]) => [
      name,
      ...[generate, healthz].flatMap((found) => [
        summary(found.map(({ milliseconds }) => milliseconds)),
        summary(found.map(({ cpu }) => cpu)),
      ]),
    ],
  );
  return `The Node server's answers to one client while others ask for 64-frame animations of 256 pixels in a loop (${animations} of them,
${busy.toFixed(0)} s of CPU; load average ${loadavg()[0]!.toFixed(1)}):

${markdownTable(['beside', '`/generate`: p50, p99, longest', "the server's CPU time meanwhile", '`/healthz`', 'CPU time'], rows)}

With the processor to itself the server answers within its CPU time: it works without a break.

${LEAVING} such animations whose clients left within 0.2 s cost ${(await leavingCost(server)).toFixed(2)} s of CPU in all.`;
}

function summary(values: readonly number[]): string {
  const [p50, p99, longest] = [50, 99, 100].map((percent) => percentile(values, percent).toFixed(0));
  return `${p50}, ${p99}, ${longest} ms`;
}

/** CPU time that the server spends on requests whose clients leave, seconds. */
async function leavingCost(server: Server): Promise<number> {
  const { hostname, port } = new URL(server.url);
  await settled(server);
  const before = server.cpuSeconds();
  const sockets = Array.from({ length: LEAVING }, () => {
    const socket = connect(Number(port), hostname).on('error', () => {});
    socket.write(`GET ${animation()} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    return socket;
  });
  await sleep(200);
  for (const socket of sockets) socket.resetAndDestroy();
  await settled(server);
  return server.cpuSeconds() - before;
}

/** Resolves when the server has used next to no CPU time for half a second. */
async function settled(server: Server): Promise<void> {
  for (let cpu = -1; server.cpuSeconds() - cpu > 0.02; ) {
    cpu = server.cpuSeconds();
    await sleep(500);
  }
}
