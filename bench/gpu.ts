/**
 * @module Training speed of the `paper` preset on this machine with each backend and device, on graphics cards in mixed
 * precision, too, and of PyTorch's DCGAN of the same shape: node bench/gpu.ts --python PATH. Prints a table for docs/gpu.md.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { presetConfig } from '@latent-dogs/dcgan';
import { COMPUTES, nameOf, takesMixed } from '../packages/train/src/backend/compute.ts';
import { type Trial, tryCompute } from '../packages/train/src/backend/trial/trial.ts';
import { readHardware } from '../packages/train/src/doctor/hardware.ts';
import { LineProcess } from './process.ts';
import { median } from './statistics.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '128' },
    channels: { type: 'string', default: '64' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
    /** Path of a Python interpreter with torch; without it, PyTorch is left out. */
    python: { type: 'string' },
  },
});
const { python } = values;
const [batch, channels, seconds, rounds] = [values.batch, values.channels, values.seconds, values.rounds].map(
  Number,
) as [number, number, number, number];
const config = { ...presetConfig('paper', 'photos'), batch, channels };

interface Row {
  name: string;
  speeds: number[];
  problem: string;
}
const rows = new Map<string, Row>();
const row = (name: string): Row => {
  if (!rows.has(name)) rows.set(name, { name, speeds: [], problem: '' });
  return rows.get(name)!;
};

/** Images/s of PyTorch, its version, and the device it ran on. */
async function pytorch(interpreter: string): Promise<{ imagesPerSecond: number; torch: string; device: string }> {
  const script = join(import.meta.dirname, 'peers', 'pytorch_dcgan.py');
  const shape = ['--batch', `${batch}`, '--channels', `${channels}`];
  const worker = await LineProcess.start<{ torch: string; device: string }>(interpreter, [script, ...shape]);
  const answer = await worker.ask<{ steps: number; seconds: number }>({ seconds });
  worker.stop();
  return { ...worker.ready, imagesPerSecond: (answer.steps * batch) / answer.seconds };
}

// They take turns, so that other load on the machine slows all of them equally.
for (let round = 0; round < rounds; round++) {
  if (python !== undefined) {
    const { imagesPerSecond, torch, device } = await pytorch(python);
    row(`PyTorch ${torch}, eager, ${device}`).speeds.push(imagesPerSecond);
  }
  for (const compute of COMPUTES) {
    for (const precision of takesMixed(compute) ? (['fp32', 'mixed'] as const) : (['fp32'] as const)) {
      const own = row(precision === 'mixed' ? `${nameOf(compute)}, mixed precision` : nameOf(compute));
      if (own.problem !== '') continue;
      const trial: Trial = await tryCompute(compute, { ...config, precision }, { seconds, timeLimit: 600 });
      if (trial.works) own.speeds.push(trial.imagesPerSecond);
      else own.problem = trial.reason;
    }
  }
}

const { processor, threads, nvidia } = await readHardware();
const cards = nvidia?.map(({ name, driver }) => `${name} (driver ${driver})`).join(', ') ?? 'no NVIDIA card';
const reference = [...rows.values()].find(({ name }) => name.startsWith('PyTorch'));
console.log(`${new Date().toISOString().slice(0, 10)}, ${processor} (${threads} threads), ${cards}; 64x64, ${channels} base channels, batch ${batch}, ${rounds} rounds of ${seconds} s

| | images/s, median (least to most) | relative to PyTorch |
|---|---|---|`);
for (const { name, speeds, problem } of rows.values()) {
  if (problem !== '') console.log(`| ${name} | does not work: ${problem} | |`);
  else {
    const range = `${Math.min(...speeds).toFixed(0)} to ${Math.max(...speeds).toFixed(0)}`;
    const share = reference ? `${Math.round((100 * median(speeds)) / median(reference.speeds))} %` : '';
    console.log(`| ${name} | ${median(speeds).toFixed(1)} (${range}) | ${share} |`);
  }
}
