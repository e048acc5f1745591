/** @module How fast this device takes training steps. */
import { type Config, createOnnxNetworks, Gan } from '@latent-dogs/dcgan';
import { NormalStream } from '@latent-dogs/latent';
import { type Compute, wasmCompute, webgpuCompute } from './compute.ts';
import type { Speed, WantedCompute } from './protocol.ts';
import { randomBatches } from './random-batches.ts';

/** Long enough for a device to reach the speed that it keeps. */
const SECONDS = 8;
const LEAST_STEPS = 3;

/** Takes steps of `config` on random pictures. @param stopped ends it early; the steps so far are then the result. */
async function speedOf(
  config: Config,
  { device, provider, threads, lost }: Compute,
  stopped: () => boolean,
): Promise<Speed> {
  const began = performance.now();
  const batch = randomBatches(config)(1);
  const gan = await Gan.create(config, new NormalStream(1), (settings, values) =>
    createOnnxNetworks(settings, device, values),
  );
  try {
    const step = (number: number) => Promise.race([gan.step(batch, number, config), lost]);
    await step(1);
    const firstStep = performance.now() - began;
    // The second step allocates, too: what it needs is known only after the first.
    await step(2);
    const start = performance.now();
    let taken = 0;
    do await step(3 + taken++);
    while (!stopped() && (taken < LEAST_STEPS || performance.now() - start < 1000 * SECONDS));
    const imagesPerSecond = (1000 * taken * config.batch) / (performance.now() - start);
    return { provider, threads, firstStep, imagesPerSecond };
  } finally {
    await gan.dispose();
  }
}

/** Speeds of WebGPU, where it works, and of WebAssembly, one after the other. `note`: why not WebGPU. */
export async function measure(
  config: Config,
  wanted: WantedCompute,
  stopped: () => boolean,
): Promise<{ speeds: Speed[]; note: string }> {
  const speeds: Speed[] = [];
  let note = '';
  if (wanted.provider !== 'wasm') {
    try {
      speeds.push(await speedOf(config, await webgpuCompute(), stopped));
    } catch (error) {
      note = (error as Error).message;
    }
  }
  if (!stopped()) speeds.push(await speedOf(config, await wasmCompute('', wanted.threads), stopped));
  return { speeds, note };
}
