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

/** Milliseconds that requests for `path` take, one after the other, for some seconds. */
async function latencies(url: string, path: () => string, seconds: number): Promise<number[]> {
  const found: number[] = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const begun = performance.now();
    const response = await fetch(url + path());
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
    found.push(performance.now() - begun);
  }
  return found;
}

export async function fairnessTables(server: Server, randomDog: () => string): Promise<string> {
  const probe = async (seconds: number) => {
    const [generate, healthz] = await Promise.all([
      latencies(server.url, randomDog, seconds),
      latencies(server.url, () => '/healthz', seconds),
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
    ([name, { generate, healthz }]) => [name, ...[generate, healthz].map(summary)],
  );
  return `The Node server's answers to one client while others ask for 64-frame animations of 256 pixels in a loop (${animations} of them,
${busy.toFixed(0)} s of CPU; load average ${loadavg()[0]!.toFixed(1)}):

${markdownTable(['beside', '`/generate`: p50, p99, longest', '`/healthz`: p50, p99, longest'], rows)}

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
