/** @module The tensors that a training begins with, from a model with training weights. */
import {
  type Checkpoint,
  type Config,
  configFrom,
  grownNetworks,
  grows,
  parseSafetensors,
  type SourceRecord,
  transferredState,
} from '@latent-dogs/dcgan';
import { deriveSeed, NormalStream } from '@latent-dogs/latent';
import { hexDigest } from '../storage/digest.ts';
import { TrainingFailure } from './failure.ts';
import type { StartModel } from './protocol.ts';

/** @throws TrainingFailure if the weights do not arrive or are damaged. */
export async function startCheckpoint(
  config: Config,
  { manifest, weights }: StartModel,
): Promise<{ checkpoint: Checkpoint; from: SourceRecord }> {
  const bytes = await load(weights);
  const sha256 = await hexDigest(bytes);
  if (sha256 !== manifest.training.weights?.sha256)
    throw new TrainingFailure('damaged', `The training weights of ${manifest.name} are not those of its model.json.`);
  const source = configFrom(manifest.training.config);
  if (!source) throw new TrainingFailure('damaged', `The settings of ${manifest.name} cannot be read.`);
  const tensors = startTensors(source, config, bytes, manifest.name);
  return {
    checkpoint: { imagesSeen: 0, healthy: true, tensors, state: {} },
    from: { name: manifest.name, sha256, imagesSeen: manifest.training.imagesSeen },
  };
}

function startTensors(source: Config, config: Config, weights: Uint8Array, name: string): Checkpoint['tensors'] {
  try {
    const trained = parseSafetensors(weights);
    const networks = grows(source, config)
      ? grownNetworks(source, trained, new NormalStream(deriveSeed(config.seed, 'weights')))
      : trained;
    return transferredState(config, networks);
  } catch (error) {
    throw new TrainingFailure('damaged', `${name}: ${(error as Error).message}`);
  }
}

async function load(weights: string | Blob): Promise<Uint8Array> {
  if (weights instanceof Blob) return new Uint8Array(await weights.arrayBuffer());
  try {
    const response = await fetch(weights);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw new TrainingFailure('download', `${weights}: ${(error as Error).message}`);
  }
}
