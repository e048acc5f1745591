/** @module The tensors that a training begins with, from a model with training weights. */
import type { GeneratorError } from '@latent-dogs/client/generator-error';
import { downloadFile } from '@latent-dogs/client/runtime/download';
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
import { TrainingFailure } from './failure.ts';
import type { StartModel } from './protocol.ts';

/** @throws TrainingFailure if the weights do not arrive or are damaged. */
export async function startCheckpoint(
  config: Config,
  { manifest, weights }: StartModel,
): Promise<{ checkpoint: Checkpoint; from: SourceRecord }> {
  const described = manifest.training.weights!;
  const file = {
    name: `The file of ${manifest.name}'s training weights`,
    open: () => (weights instanceof Blob ? new Response(weights) : fetch(weights)),
  };
  const bytes = await downloadFile(file, described).catch((error: GeneratorError) => {
    throw new TrainingFailure(error.code as 'download' | 'damaged', error.message);
  });
  const source = configFrom(manifest.training.config);
  if (!source) throw new TrainingFailure('damaged', `The settings of ${manifest.name} cannot be read.`);
  const tensors = startTensors(source, config, bytes, manifest.name);
  return {
    checkpoint: { imagesSeen: 0, healthy: true, tensors, state: {} },
    from: { name: manifest.name, sha256: described.sha256, imagesSeen: manifest.training.imagesSeen },
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
