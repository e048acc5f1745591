/** @module The settings that an exported model was trained with. */
import { type Config, configSchema } from '@latent-dogs/dcgan';
import { type ModelManifest, UserError } from '@latent-dogs/latent';
import * as v from 'valibot';

/** The settings in the model.json of `folder`. @throws UserError naming a field that this version can't read */
export function modelConfig(folder: string, { training }: ModelManifest): Config {
  const result = v.safeParse(configSchema, training.config);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = ['training.config', v.getDotPath(issue)].filter(Boolean).join('.');
  throw new UserError(`${folder}: ${field} in model.json is not readable by this version: ${issue.message}`);
}
