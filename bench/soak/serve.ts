/** @module Both servers under mutated requests and under load. */
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { newestModel, readModelFolder } from '@latent-dogs/models';
import { prepare } from '../../packages/serve/src/cloudflare/prepare.ts';
import { buildGallery } from '../../packages/serve/src/cloudflare/run-tool.ts';
import { inWorkFolder } from '../../packages/serve/src/cloudflare/work-folder.ts';
import { GALLERY } from '../../packages/serve/src/places.ts';
import { faultOf, mutatedRequest, randomFrom } from '../../packages/serve/src/testing/mutated-requests.ts';
import { sendRaw } from '../../packages/serve/src/testing/raw-http.ts';
import { nodeServer, type Server, workerServer } from '../servers.ts';

interface SoakOptions {
  requests: number;
  minutes: number;
  /** Of the mutations. */
  seed: number;
  /** Model folder; undefined: the newest in models. */
  model?: string;
}

const CLIENTS = 8;
const SAMPLES = 10;
/** Examples of a fault that are printed. */
const SHOWN = 3;

/** Prints what happened; resolves with the number of faults. */
export async function soakServe({ model: given, ...options }: SoakOptions): Promise<number> {
  const model = await readModelFolder(given ?? (await newestModel(join(import.meta.dirname, '../../models'))));
  await buildGallery();
  return inWorkFolder(async (folder) => {
    const config = await prepare({ model, gallery: GALLERY, out: folder });
    const ofNode = await soak('Node server', () => nodeServer(model.folder), { ...options, strict: false });
    // wrangler's proxy answers what is not HTTP itself, before the Worker.
    return ofNode + (await soak('Worker', () => workerServer(config), { ...options, strict: true }));
  });
}

async function soak(
  name: string,
  start: () => Promise<Server>,
  { requests, minutes, seed, strict }: Omit<SoakOptions, 'model'> & { strict: boolean },
): Promise<number> {
  const server = await start();
  try {
    console.log(`${name}, load average ${loadavg()[0]!.toFixed(1)}: ${server.memory().toFixed(0)} MB at first`);
    const { statuses, faults } = await sendMutated(server.url, { requests, seed, strict });
    const counts = [...statuses]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([status, count]) => `${count} x ${status}`);
    console.log(`  ${requests} mutated requests: ${counts.join(', ')}; ${faults.length} faults`);
    for (const fault of faults.slice(0, SHOWN)) console.log(`    ${fault}`);
    console.log(`  ${server.memory().toFixed(0)} MB after them`);
    const { made, memory } = await load(server, minutes);
    console.log(
      `  ${made} pictures in ${minutes} minutes; MB meanwhile: ${memory.map((mb) => mb.toFixed(0)).join(', ')}`,
    );
    const { ok } = await fetch(`${server.url}/healthz`);
    return faults.length + (ok ? 0 : 1);
  } finally {
    await server.stop();
  }
}

async function sendMutated(
  url: string,
  { requests, seed, strict }: { requests: number; seed: number; strict: boolean },
) {
  const random = randomFrom(seed);
  const statuses = new Map<string, number>();
  const faults: string[] = [];
  let sent = 0;
  const client = async () => {
    while (sent++ < requests) {
      const request = mutatedRequest(random, strict);
      const answer = await sendRaw(url, request).answer;
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'no answer';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const fault = faultOf(answer);
      // Cloudflare's server of the gallery's files answers other methods itself, without a document.
      const isCloudflares = strict && fault === 'status 405 without a problem document';
      if (fault !== undefined && !isCloudflares) faults.push(`${fault}: ${JSON.stringify(request).slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { statuses, faults };
}

/** New dogs, grids and animations in turn, from several clients; the memory in equal intervals. */
async function load(server: Server, minutes: number): Promise<{ made: number; memory: number[] }> {
  const started = performance.now();
  const end = started + 60_000 * minutes;
  const memory: number[] = [];
  let made = 0;
  const client = async () => {
    while (performance.now() < end) {
      const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
      const path = [
        `/generate?seed=${seed}`,
        `/generate?seed=${seed}&size=256&format=webp`,
        `/grid?seeds=${seed},${made}`,
        `/interpolate?from=${seed}&to=${made}&frames=8`,
      ][made++ % 4]!;
      await (await fetch(server.url + path)).arrayBuffer();
      if (performance.now() - started > (memory.length / SAMPLES) * 60_000 * minutes) memory.push(server.memory());
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return { made, memory };
}
