/** @module The model to use where none is named. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@latent-dogs/latent';

/** The folder in `models` whose model.json was written last. @throws UserError saying how to make one. */
export async function newestModel(models = 'models'): Promise<string> {
  const names = (await readdir(models).catch(() => [])).filter((name) => !name.startsWith('.'));
  const dated = await Promise.all(
    names.map(async (name) => ({
      folder: join(models, name),
      written: await stat(join(models, name, 'model.json')).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    })),
  );
  const newest = dated.filter(({ written }) => written > 0).sort((a, b) => b.written - a.written)[0];
  if (newest) return newest.folder;
  throw new UserError(
    `there is no model in '${models}' yet; make one with pnpm train, then pnpm export, or name one with --model`,
  );
}
