/** @module Load on both servers: their memory stays flat. */
import { setTimeout as sleep } from 'node:timers/promises';
import { grouped } from '@latent-dogs/command-line';
import type { Server } from '../bench/servers.ts';
import { onBothServers } from './both-servers.ts';
import { type Sample, slopeOfSecondHalf } from './memory.ts';
import type { SoakOptions } from './options.ts';

const CLIENTS = 8;
const SAMPLES = 200;
/** Share of the memory by which it may grow during the second half, by the fitted line. */
const MOST_GROWTH = 0.1;

export function soakLoad({ minutes, model }: SoakOptions): Promise<string> {
  return onBothServers(model, async (server, name) => {
    const { pictures, samples } = await load(server, minutes);
    const sizes = samples.map((sample) => sample.megabytes);
    const slope = slopeOfSecondHalf(samples);
    const said =
      `${grouped(pictures)} pictures in ${minutes} minutes, ${sizes[0]!.toFixed(0)} MB at first, ` +
      `${Math.min(...sizes).toFixed(0)} to ${Math.max(...sizes).toFixed(0)} MB in all, ` +
      `${sizes.at(-1)!.toFixed(0)} MB at the end, ${slope.toFixed(2)} MB a minute during the second half`;
    if ((slope * minutes) / 2 > MOST_GROWTH * sizes.at(-1)!) throw new Error(`${name}: memory grows: ${said}`);
    return said;
  });
}

/** New dogs, grids and animations in turn, from several clients. */
async function load(server: Server, minutes: number): Promise<{ pictures: number; samples: Sample[] }> {
  const started = performance.now();
  const passed = () => (performance.now() - started) / 60_000;
  let pictures = 0;
  const client = async () => {
    while (passed() < minutes) {
      const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
      const path = [
        `/generate?seed=${seed}`,
        `/generate?seed=${seed}&size=256&format=webp`,
        `/grid?seeds=${seed},${pictures}`,
        `/interpolate?from=${seed}&to=${pictures}&frames=8`,
      ][pictures++ % 4]!;
      const answer = await fetch(server.url + path);
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
      await answer.arrayBuffer();
    }
  };
  const samples: Sample[] = [];
  const sampler = async () => {
    while (passed() < minutes) {
      samples.push({ minutes: passed(), megabytes: server.memory() });
      await sleep((60_000 * minutes) / SAMPLES);
    }
  };
  await Promise.all([sampler(), ...Array.from({ length: CLIENTS }, client)]);
  return { pictures, samples };
}
