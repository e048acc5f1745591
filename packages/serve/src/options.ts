/** @module Options that several of this package's commands take. */

import { number } from '@latent-dogs/command-line';
import { UserError } from '@latent-dogs/latent';
import { type ModelFolder, newestModel, readModelFolder } from '@latent-dogs/models';
import { Option } from 'commander';
import { MODELS } from './places.ts';

export const modelOption = () =>
  new Option(
    '--model <folder>',
    'model folder; repeat it to serve several, the first by default (default: the newest in models)',
  ).argParser<string[]>((folder, before) => [...(before ?? []), folder]);

/** The folders that --model names, or else that of the newest model. @throws UserError if there is none */
export const modelFolders = async ({ model }: { model?: string[] }): Promise<string[]> =>
  model ?? [await newestModel(MODELS)];

/** What those folders hold. @throws UserError if one holds no whole model, or two have one name */
export async function readModels(options: { model?: string[] }): Promise<ModelFolder[]> {
  const models = await Promise.all((await modelFolders(options)).map(readModelFolder));
  requireDistinct(models.map(({ manifest }) => manifest.name));
  return models;
}

/** @throws UserError if two models have one name */
export function requireDistinct(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw new UserError(`--model: two models have the name '${twice}', by which requests choose; serve one of them`);
}

/** @param least 0 where the system may choose a free port */
export const portOption = (usual: number, least: 0 | 1 = 1) =>
  number('--port <n>', { min: least, max: 65_535, whole: true }, 'port to listen at').default(usual);
