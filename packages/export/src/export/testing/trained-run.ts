/** A run folder as training leaves it, without the training. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Checkpoint, Config } from '@latent-dogs/dcgan';
import { trainedTensors } from '@latent-dogs/dcgan/trained-tensors';
import { createRun, writeCheckpoint } from '@latent-dogs/train';

type Tensors = Checkpoint['tensors'];

/** Writes a run folder in a new temporary folder and returns its path. */
export async function makeRun(
  config: Config,
  { tensors = trainedTensors(config), imagesSeen = [4000] }: { tensors?: Tensors; imagesSeen?: number[] } = {},
): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), 'export-run-'));
  const dataset = { name: 'drawn-dogs', count: 4096, fingerprint: 'c0ffee' };
  const folder = await createRun({ out, config, dataset });
  for (const seen of imagesSeen) await writeCheckpoint(folder, { imagesSeen: seen, healthy: true, tensors, state: {} });
  return folder;
}
