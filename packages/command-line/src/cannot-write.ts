/** @module The mistake of naming a file that cannot be written. */
import { adviceOn } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** @param option that named `file` @param error of writing it */
export function cannotWrite(option: string, file: string, error: unknown): UserError {
  const reason = adviceOn(error) ?? `${(error as Error).message.split('\n')[0]}; give a writable path`;
  return new UserError(`${option}: can't write '${file}': ${reason}`);
}
