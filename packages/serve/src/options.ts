/** @module Options that several of this package's commands take. */

import { number } from '@latent-dogs/command-line';
import { newestModel } from '@latent-dogs/models';
import { Option } from 'commander';
import { MODELS } from './places.ts';

export const modelOption = () => new Option('--model <folder>', 'model folder (default: the newest in models)');

/** The folder that --model names, or else that of the newest model. @throws UserError if there is none */
export const modelFolder = async ({ model }: { model?: string }): Promise<string> => model ?? newestModel(MODELS);

/** @param least 0 where the system may choose a free port */
export const portOption = (usual: number, least: 0 | 1 = 1) =>
  number('--port <n>', { min: least, max: 65_535, whole: true }, 'port to listen at').default(usual);
