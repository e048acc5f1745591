/** @module Whether a folder can be made, without making it. */
import { access, constants, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { systemErrorText } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/** @throws UserError if `out`, or the nearest folder above it that exists, is a file or not writable. */
export async function checkWritable(out: string): Promise<void> {
  let place = resolve(out);
  for (;;) {
    const info = await stat(place).catch((error: NodeJS.ErrnoException) => error);
    if (!(info instanceof Error)) {
      if (!info.isDirectory()) throw new UserError(`--out: '${place}' is a file; give a writable folder`);
      break;
    }
    if (info.code !== 'ENOENT' || dirname(place) === place) throw refused(out, info);
    place = dirname(place);
  }
  await access(place, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw refused(out, error);
  });
}

const refused = (out: string, error: unknown): UserError =>
  new UserError(`--out: can't create a run folder in '${out}' (${systemErrorText(error)}); give a writable folder`);
