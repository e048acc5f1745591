/** @module `--from`: the trained networks that a new run starts from, of an exported model or of another run. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Checkpoint, type Config, parseSafetensors, safetensorsPieces } from '@latent-dogs/dcgan';
import { UserError } from '@latent-dogs/latent';
import { readTrainingWeights } from '@latent-dogs/models';
import { latestCheckpoint } from './checkpoint.ts';
import { modelConfig } from './model-config.ts';
import { findRun } from './run-folder.ts';
import { readRunRecord, type SourceRecord } from './run-record.ts';

export interface Source {
  /** Path of the model or run. */
  folder: string;
  config: Config;
  record: SourceRecord;
  tensors: Checkpoint['tensors'];
}

/**
 * Opens a model with its training weights, or a run at its newest checkpoint that the guard had nothing against.
 *
 * @param from a model folder, a run folder, a run's name in `out`, or `latest`, the newest run in `out`.
 * @throws {UserError} if there is no such model or run, or if it has no weights or damaged ones.
 */
export async function openSource(from: string, out: string): Promise<Source> {
  try {
    if (from !== 'latest' && (await exists(join(from, 'model.json')))) return await modelSource(from);
    return await runSource(await findSourceRun(from, out));
  } catch (error) {
    throw error instanceof UserError ? new UserError(`--from: ${error.message}`) : error;
  }
}

async function modelSource(folder: string): Promise<Source> {
  const { manifest, sha256, safetensors } = await readTrainingWeights(folder);
  return {
    folder,
    config: modelConfig(folder, manifest),
    record: { name: manifest.name, sha256, imagesSeen: manifest.training.imagesSeen },
    tensors: parseSafetensors(safetensors),
  };
}

async function runSource(folder: string): Promise<Source> {
  const { config } = await readRunRecord(folder);
  const checkpoint = await latestCheckpoint(folder, { healthy: true });
  if (!checkpoint)
    throw new UserError(`${folder} holds no healthy checkpoint; continue its training: pnpm train --resume ${folder}`);
  const { tensors, imagesSeen } = checkpoint;
  const hash = createHash('sha256');
  for (const piece of safetensorsPieces(tensors)) hash.update(piece);
  return {
    folder,
    config,
    record: { name: basename(resolve(folder)), sha256: hash.digest('hex'), imagesSeen },
    tensors,
  };
}

async function findSourceRun(from: string, out: string): Promise<string> {
  return findRun(from, out).catch((error: unknown) => {
    if (from === 'latest') throw error;
    throw new UserError(
      `'${from}' is neither a model (no model.json) nor a run (no config.json); ` +
        'give a model folder such as models/dogs-64, a run folder, or latest',
    );
  });
}

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );
