/**
 * @module Runs steps of a config on its backend, in a child process, because a failing driver may crash the process:
 * node process.ts '{"config": …, "seconds": 2}'. Prints a `TrialAnswer` as its last line.
 */

import type { Config } from '@latent-dogs/dcgan';
import { NormalStream, UserError } from '@latent-dogs/latent';
import '@latent-dogs/command-line/without-maglev';
import { InferenceSession } from 'onnxruntime-node';

export interface TrialTask {
  config: Config;
  /** Duration of the measurement, at least one step, after one uncounted step. */
  seconds: number;
}

export type TrialAnswer =
  | {
      imagesPerSecond: number;
      steps: number;
      /** Peak resident memory, in bytes. */
      peakMemory: number;
    }
  /** `explained`: `problem` is a complete message for the user. */
  | { problem: string; explained: boolean };

async function trial({ config, seconds }: TrialTask): Promise<TrialAnswer> {
  await requireProvider(config);
  // Imported only after the provider is known to exist.
  const { Gan } = await import('@latent-dogs/dcgan');
  const { createNetworks } = await import('../create-networks.ts');
  const { trialBatches } = await import('./inputs.ts');
  const gan = await Gan.create(config, new NormalStream(1), createNetworks);
  const next = trialBatches(config, 2);
  // Prepared in advance: drawing noise takes longer than a step on a fast card.
  const batches = [next(), next()];
  const step = (number: number) => gan.step(batches[number % 2]!, number, config);
  // The first step allocates and compiles.
  const first = await step(1);
  if (!Number.isFinite(first.lossD) || !Number.isFinite(first.lossG))
    return { problem: `the losses of its first step are ${first.lossD} and ${first.lossG}`, explained: false };
  const started = performance.now();
  let steps = 0;
  let elapsed = 0;
  while (steps === 0 || elapsed < seconds) {
    await step(++steps + 1);
    elapsed = (performance.now() - started) / 1000;
  }
  const peakMemory = process.resourceUsage().maxRSS * 1024;
  return { imagesPerSecond: (steps * config.batch) / elapsed, steps, peakMemory };
}

/** An ONNX file: y = -x of one number. */
const NEGATION =
  'CAgSC2xhdGVudC1kb2dzOtcBCi4KAXgKCmNvbnN0YW50XzASCXJlc2hhcGVfMBoJUmVzaGFwZV8wIgdSZXNoYXBlCh4KCXJlc2hhcGVfMBIFbmVnXzEaBU5lZ18x' +
  'IgNOZWcKKgoFbmVnXzEKCmNvbnN0YW50XzESAXkaCVJlc2hhcGVfMiIHUmVzaGFwZRIFZ3JhcGgqEwoBABAHQgpjb25zdGFudF8wSgAqGwoBARAHQgpjb25zdGFu' +
  'dF8xSggBAAAAAAAAAFoPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEBE=';

/** Fails early, before other imports, if the machine lacks the provider. @throws ONNX Runtime's own error. */
async function requireProvider({ backend, device }: Config): Promise<void> {
  if (backend !== 'onnxruntime' || device === 'auto' || device === 'cpu') return;
  const session = await InferenceSession.create(Buffer.from(NEGATION, 'base64'), { executionProviders: [device] });
  await session.release();
}

const task = JSON.parse(process.argv[2]!) as TrialTask;
const answer = await trial(task).catch((error: Error): TrialAnswer => {
  return { problem: error.message, explained: error instanceof UserError };
});
process.stdout.write(`\n${JSON.stringify(answer)}\n`, () => process.exit(0));
